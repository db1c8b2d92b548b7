package io.fairlead.ipvs;

import io.fairlead.dataplane.netlink.ipvs.ForwardingMethod;
import io.fairlead.dataplane.netlink.ipvs.IpvsOperation;
import io.fairlead.dataplane.netlink.ipvs.RealServer;
import io.fairlead.dataplane.netlink.ipvs.RealServerId;
import io.fairlead.dataplane.netlink.ipvs.VirtualServer;
import io.fairlead.dataplane.netlink.ipvs.VirtualServerId;
import io.fairlead.dataplane.service.EndpointAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Collects what brings virtual servers to what is wanted: what serves more comes before what serves
 * less.
 */
final class ServerChanges {

  private static final int SERVES = 1;

  private final List<IpvsOperation> additions = new ArrayList<>();
  private final List<IpvsOperation> drains = new ArrayList<>();
  private final List<IpvsOperation> removals = new ArrayList<>();

  /**
   * Adds the difference of one virtual server.
   *
   * @param held as the kernel has it; null if it does not
   * @param wanted null for none
   * @param isOver whether an unwanted real server need not drain, or no longer
   * @return the real servers that take no new connections and stay for those they have
   */
  Set<RealServerId> add(
      VirtualServerId id,
      ServerMirror.@Nullable Held held,
      @Nullable WantedServer wanted,
      Predicate<RealServer> isOver) {
    if (wanted != null) {
      serve(wanted, held);
    }
    Set<RealServerId> serving = wanted == null ? Set.of() : ids(wanted.endpoints());
    List<RealServer> draining = new ArrayList<>();
    List<RealServer> over = new ArrayList<>();
    if (held != null) {
      for (RealServer real : held.realServers()) {
        if (!serving.contains(real.id())) {
          (isOver.test(real) ? over : draining).add(real);
        }
      }
      if (wanted == null && draining.isEmpty()) {
        removals.add(new IpvsOperation.DeleteVirtualServer(id));
        return Set.of();
      }
    }
    for (RealServer real : draining) {
      if (real.weight() != 0) {
        drains.add(
            new IpvsOperation.ChangeRealServer(
                id, new RealServer(real.address(), real.port(), real.method(), 0)));
      }
    }
    over.forEach(real -> removals.add(new IpvsOperation.DeleteRealServer(id, real.id())));
    Set<RealServerId> ids = new HashSet<>();
    draining.forEach(real -> ids.add(real.id()));
    return ids;
  }

  private void serve(WantedServer wanted, ServerMirror.@Nullable Held held) {
    VirtualServer server = wanted.server();
    if (held == null) {
      additions.add(new IpvsOperation.AddVirtualServer(server));
    } else if (!held.server().equals(server)) {
      additions.add(new IpvsOperation.ChangeVirtualServer(server));
    }
    for (EndpointAddress endpoint : wanted.endpoints()) {
      RealServer real =
          new RealServer(endpoint.address(), endpoint.port(), ForwardingMethod.MASQUERADE, SERVES);
      RealServer present = held == null ? null : held.realServer(real.id());
      if (present == null) {
        additions.add(new IpvsOperation.AddRealServer(server.id(), real));
      } else if (!isRight(present)) {
        additions.add(new IpvsOperation.ChangeRealServer(server.id(), real));
      }
    }
  }

  /** Where the endpoint is the node's own address, the kernel may call the method local. */
  private static boolean isRight(RealServer present) {
    return present.weight() == SERVES
        && present.foreign().isEmpty()
        && (present.method() == ForwardingMethod.MASQUERADE
            || present.method() == ForwardingMethod.LOCAL);
  }

  static Set<RealServerId> ids(List<EndpointAddress> endpoints) {
    Set<RealServerId> ids = new HashSet<>();
    endpoints.forEach(endpoint -> ids.add(new RealServerId(endpoint.address(), endpoint.port())));
    return ids;
  }

  /** All of it in the order in which it is to be sent. */
  List<IpvsOperation> operations() {
    List<IpvsOperation> operations =
        new ArrayList<>(additions.size() + drains.size() + removals.size());
    operations.addAll(additions);
    operations.addAll(drains);
    operations.addAll(removals);
    return operations;
  }
}
