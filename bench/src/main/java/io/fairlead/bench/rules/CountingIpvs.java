package io.fairlead.bench.rules;

import io.fairlead.dataplane.netlink.ipvs.IpvsInfo;
import io.fairlead.dataplane.netlink.ipvs.IpvsKernel;
import io.fairlead.dataplane.netlink.ipvs.IpvsOperation;
import io.fairlead.dataplane.netlink.ipvs.IpvsTimeouts;
import io.fairlead.dataplane.netlink.ipvs.RealServerStatus;
import io.fairlead.dataplane.netlink.ipvs.SyncDaemon;
import io.fairlead.dataplane.netlink.ipvs.VirtualServerId;
import io.fairlead.dataplane.netlink.ipvs.VirtualServerStatus;
import java.io.IOException;
import java.util.List;

/** An IPVS that counts the messages to it: one for each operation and one for each question. */
final class CountingIpvs implements IpvsKernel {

  private final IpvsKernel kernel;
  private long messages;

  /** Takes over the kernel. */
  CountingIpvs(IpvsKernel kernel) {
    this.kernel = kernel;
  }

  /** How many there were. */
  long messages() {
    return messages;
  }

  @Override
  public List<VirtualServerStatus> virtualServers() throws IOException {
    messages++;
    return kernel.virtualServers();
  }

  @Override
  public List<RealServerStatus> realServers(VirtualServerId virtualServer) throws IOException {
    messages++;
    return kernel.realServers(virtualServer);
  }

  @Override
  public List<Failure> apply(List<? extends IpvsOperation> operations) throws IOException {
    messages += operations.size();
    return kernel.apply(operations);
  }

  @Override
  public IpvsTimeouts timeouts() throws IOException {
    messages++;
    return kernel.timeouts();
  }

  @Override
  public void timeouts(IpvsTimeouts timeouts) throws IOException {
    messages++;
    kernel.timeouts(timeouts);
  }

  @Override
  public IpvsInfo info() throws IOException {
    messages++;
    return kernel.info();
  }

  @Override
  public List<SyncDaemon> daemons() throws IOException {
    messages++;
    return kernel.daemons();
  }

  @Override
  public void close() {
    kernel.close();
  }
}
