package io.fairlead.ipvs;

import io.fairlead.dataplane.netlink.ipvs.IpvsOperation;
import io.fairlead.dataplane.netlink.ipvs.RealServer;
import io.fairlead.dataplane.netlink.ipvs.RealServerId;
import io.fairlead.dataplane.netlink.ipvs.VirtualServer;
import io.fairlead.dataplane.netlink.ipvs.VirtualServerId;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The virtual servers that are ours, as the kernel has them. */
final class ServerMirror {

  /** One virtual server and its real servers. */
  static final class Held {

    private final Map<RealServerId, RealServer> realServers = new TreeMap<>();
    private VirtualServer server;

    private Held(VirtualServer server) {
      this.server = server;
    }

    VirtualServer server() {
      return server;
    }

    @Nullable RealServer realServer(RealServerId id) {
      return realServers.get(id);
    }

    /** Ascending. */
    Collection<RealServer> realServers() {
      return realServers.values();
    }
  }

  private final Map<VirtualServerId, Held> servers = new HashMap<>();

  @Nullable Held held(VirtualServerId id) {
    return servers.get(id);
  }

  Set<VirtualServerId> ids() {
    return servers.keySet();
  }

  int size() {
    return servers.size();
  }

  void clear() {
    servers.clear();
  }

  /** Takes note of what the kernel has. */
  void add(VirtualServer server, Collection<RealServer> realServers) {
    Held held = new Held(server);
    realServers.forEach(real -> held.realServers.put(real.id(), real));
    servers.put(server.id(), held);
  }

  /** Takes note of what took effect. */
  void apply(IpvsOperation operation) {
    switch (operation) {
      case IpvsOperation.AddVirtualServer(VirtualServer server) ->
          servers.put(server.id(), new Held(server));
      case IpvsOperation.ChangeVirtualServer(VirtualServer server) -> {
        Held held = servers.get(server.id());
        if (held != null) {
          held.server = server;
        }
      }
      case IpvsOperation.DeleteVirtualServer(VirtualServerId id) -> servers.remove(id);
      case IpvsOperation.AddRealServer(VirtualServerId id, RealServer real) -> put(id, real);
      case IpvsOperation.ChangeRealServer(VirtualServerId id, RealServer real) -> put(id, real);
      case IpvsOperation.DeleteRealServer(VirtualServerId id, RealServerId real) -> {
        Held held = servers.get(id);
        if (held != null) {
          held.realServers.remove(real);
        }
      }
    }
  }

  private void put(VirtualServerId id, RealServer real) {
    Held held = servers.get(id);
    if (held != null) {
      held.realServers.put(real.id(), real);
    }
  }
}
