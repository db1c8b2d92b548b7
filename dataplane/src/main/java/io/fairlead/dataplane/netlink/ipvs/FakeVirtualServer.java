package io.fairlead.dataplane.netlink.ipvs;

import io.fairlead.dataplane.sys.Errno;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** A virtual server of a {@link FakeIpvs}, with its real servers. */
final class FakeVirtualServer {

  private final SortedMap<RealServerId, RealServerStatus> realServers = new TreeMap<>();
  private VirtualServerStatus status;

  FakeVirtualServer(VirtualServer server) {
    status = new VirtualServerStatus(server, IpvsStatistics.NONE);
  }

  VirtualServerStatus status() {
    return status;
  }

  List<RealServerStatus> realServers() {
    return List.copyOf(realServers.values());
  }

  void set(VirtualServer server) {
    status = new VirtualServerStatus(server, status.statistics());
  }

  void count(IpvsStatistics statistics) {
    status = new VirtualServerStatus(status.server(), statistics);
  }

  /** Sets counts of a real server that must be there. */
  void count(RealServerId id, int active, int inactive, int persistent, IpvsStatistics statistics) {
    RealServerStatus known = realServers.get(id);
    if (known == null) {
      throw new IllegalArgumentException(status.server() + " has no real server " + id);
    }
    realServers.put(
        id, new RealServerStatus(known.server(), active, inactive, persistent, statistics));
  }

  /** Returns an errno, or 0. */
  int add(RealServer server) {
    if (!fits(server)) {
      return Errno.EINVAL;
    }
    RealServerStatus created = new RealServerStatus(server, 0, 0, 0, IpvsStatistics.NONE);
    return realServers.putIfAbsent(server.id(), created) == null ? 0 : Errno.EEXIST;
  }

  /** Returns an errno, or 0. */
  int change(RealServer server) {
    if (!fits(server)) {
      return Errno.EINVAL;
    }
    RealServerStatus known = realServers.get(server.id());
    if (known == null) {
      return Errno.ENOENT;
    }
    realServers.put(
        server.id(),
        new RealServerStatus(
            server,
            known.activeConnections(),
            known.inactiveConnections(),
            known.persistentConnections(),
            known.statistics()));
    return 0;
  }

  /** Returns an errno, or 0. */
  int delete(RealServerId id) {
    return realServers.remove(id) == null ? Errno.ENOENT : 0;
  }

  /** Only a tunnel carries one family over the other. */
  private boolean fits(RealServer server) {
    return server.address().family() == status.server().id().family()
        || server.method() == ForwardingMethod.TUNNEL;
  }

  /** A line for the virtual server and one, indented, for each of its real servers. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(status.server() + "\n");
    for (RealServerStatus real : realServers.values()) {
      text.append("  ").append(real.server()).append('\n');
    }
    return text.toString();
  }
}
