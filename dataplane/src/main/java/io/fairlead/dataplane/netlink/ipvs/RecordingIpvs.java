package io.fairlead.dataplane.netlink.ipvs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads from another kernel and changes nothing there: what would be applied is remembered instead.
 * What is read afterwards does not show it. Not thread-safe.
 */
public final class RecordingIpvs implements IpvsKernel {

  private final IpvsKernel kernel;
  private final List<IpvsOperation> operations = new ArrayList<>();
  private final Map<VirtualServerId, VirtualServer> found = new LinkedHashMap<>();
  private final Map<VirtualServerId, List<RealServerStatus>> realServers = new HashMap<>();
  private @Nullable IpvsTimeouts foundTimeouts;
  private @Nullable IpvsTimeouts wantedTimeouts;

  /** Nothing is recorded yet. The caller keeps {@code kernel}. */
  public RecordingIpvs(IpvsKernel kernel) {
    this.kernel = kernel;
  }

  /** What would have been applied, in order. */
  public List<IpvsOperation> operations() {
    return List.copyOf(operations);
  }

  /** The virtual servers that were read, whoever's they are. */
  public Map<VirtualServerId, VirtualServer> found() {
    return Map.copyOf(found);
  }

  /** The real servers that were read of virtual servers: of ours alone, who asked for them. */
  public Map<VirtualServerId, List<RealServerStatus>> realServers() {
    return Map.copyOf(realServers);
  }

  /** The timeouts that were read; null if they were not. */
  public @Nullable IpvsTimeouts foundTimeouts() {
    return foundTimeouts;
  }

  /** The timeouts that would have been set; null for none. */
  public @Nullable IpvsTimeouts wantedTimeouts() {
    return wantedTimeouts;
  }

  @Override
  public List<VirtualServerStatus> virtualServers() throws IOException {
    List<VirtualServerStatus> servers = kernel.virtualServers();
    servers.forEach(status -> found.put(status.server().id(), status.server()));
    return servers;
  }

  @Override
  public @Nullable VirtualServerStatus virtualServer(VirtualServerId id) throws IOException {
    return kernel.virtualServer(id);
  }

  @Override
  public List<RealServerStatus> realServers(VirtualServerId virtualServer) throws IOException {
    List<RealServerStatus> servers = kernel.realServers(virtualServer);
    realServers.put(virtualServer, servers);
    return servers;
  }

  @Override
  public List<Failure> apply(List<? extends IpvsOperation> some) {
    operations.addAll(some);
    return List.of();
  }

  @Override
  public IpvsTimeouts timeouts() throws IOException {
    IpvsTimeouts timeouts = kernel.timeouts();
    foundTimeouts = timeouts;
    return timeouts;
  }

  @Override
  public void timeouts(IpvsTimeouts timeouts) {
    wantedTimeouts = timeouts;
  }

  @Override
  public IpvsInfo info() throws IOException {
    return kernel.info();
  }

  @Override
  public List<SyncDaemon> daemons() throws IOException {
    return kernel.daemons();
  }

  /** Leaves the other kernel open. */
  @Override
  public void close() {}
}
