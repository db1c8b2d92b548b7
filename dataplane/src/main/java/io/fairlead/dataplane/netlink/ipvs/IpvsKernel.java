package io.fairlead.dataplane.netlink.ipvs;

import io.fairlead.dataplane.netlink.NetlinkException;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The virtual servers of one network namespace. {@link IpvsSocket} is the kernel itself, {@link
 * FakeIpvs} stands in for it in tests. Nothing here empties the kernel's table. Not thread-safe.
 */
public interface IpvsKernel extends AutoCloseable {

  /**
   * All virtual servers, in no order; those of protocols other than TCP, UDP and SCTP are left out.
   * The kernel does not say when somebody else changes them while they are read, and may then miss
   * one.
   */
  List<VirtualServerStatus> virtualServers() throws IOException;

  /** One virtual server, or null if there is none. */
  @Nullable VirtualServerStatus virtualServer(VirtualServerId id) throws IOException;

  /** The real servers of a virtual server, in no order; none if it is gone. */
  List<RealServerStatus> realServers(VirtualServerId virtualServer) throws IOException;

  /** An operation that the kernel refused. */
  record Failure(IpvsOperation operation, NetlinkException cause) {}

  /**
   * Applies the operations in order, each for itself: one that fails stops no other. If IPVS was
   * unloaded meanwhile, all fail with ENOENT until something is read.
   *
   * @return those that failed, in order; empty if all took effect
   * @throws IOException if it is unknown which took effect; read the state again then
   */
  List<Failure> apply(List<? extends IpvsOperation> operations) throws IOException;

  IpvsTimeouts timeouts() throws IOException;

  /** Sets those that are not 0. */
  void timeouts(IpvsTimeouts timeouts) throws IOException;

  IpvsInfo info() throws IOException;

  /** The daemons that copy connections between directors; at most one of each role. */
  List<SyncDaemon> daemons() throws IOException;

  @Override
  void close();
}
