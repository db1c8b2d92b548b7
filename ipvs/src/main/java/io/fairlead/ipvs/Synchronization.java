package io.fairlead.ipvs;

import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.netlink.ipvs.IpvsKernel;
import io.fairlead.dataplane.netlink.ipvs.IpvsOperation;
import io.fairlead.dataplane.netlink.ipvs.IpvsTimeouts;
import io.fairlead.dataplane.netlink.ipvs.RealServerStatus;
import io.fairlead.dataplane.netlink.ipvs.VirtualServer;
import io.fairlead.dataplane.netlink.ipvs.VirtualServerId;
import io.fairlead.dataplane.netlink.ipvs.VirtualServerStatus;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.ServiceFragment;
import io.fairlead.dataplane.service.VirtualAddress;
import io.fairlead.ipvs.address.VirtualAddressRoutes;
import io.fairlead.ipvs.companion.CompanionTable;
import io.fairlead.ipvs.companion.Found;
import io.fairlead.ipvs.companion.InsideMark;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Reads what the kernel has of ours, and looks at everything.
 *
 * <p>A virtual server says nothing of its owner. Those by address are ours if the companion table
 * or we remember them, or if a Service needs them now, or, where somebody removed the table, if our
 * routes lead there; those by mark are if the mark is.
 */
final class Synchronization {

  private static final ObjectKey API_SERVER = new ObjectKey("default", "kubernetes");
  private static final String SYSTEM = "kube-system";
  private static final int DNS = 53;

  private final IpvsKernel kernel;
  private final CompanionTable companion;
  private final VirtualAddressRoutes routes;
  private final AddressClaims claims;
  private final IpvsSettings settings;
  private final Desired desired;
  private final Committed committed;
  private final Set<VirtualAddress> wanted = new TreeSet<>();
  private final Map<VirtualServerId, List<RealServerStatus>> statuses = new HashMap<>();

  /** Marks that are only in the table. */
  private final Set<VirtualServerId> forgotten = new TreeSet<>();

  private boolean isCold;

  Synchronization(
      IpvsKernel kernel,
      CompanionTable companion,
      VirtualAddressRoutes routes,
      AddressClaims claims,
      IpvsSettings settings,
      Desired desired,
      Committed committed) {
    this.kernel = kernel;
    this.companion = companion;
    this.routes = routes;
    this.claims = claims;
    this.settings = settings;
    this.desired = desired;
    this.committed = committed;
  }

  /** Sets those timeouts that are another than configured. */
  List<String> setTimeouts() throws IOException {
    IpvsTimeouts configured = settings.timeouts();
    if (configured.equals(new IpvsTimeouts(0, 0, 0))) {
      return List.of();
    }
    IpvsTimeouts present = kernel.timeouts();
    boolean isRight =
        isRight(configured.tcp(), present.tcp())
            && isRight(configured.tcpFin(), present.tcpFin())
            && isRight(configured.udp(), present.udp());
    if (isRight) {
      return List.of();
    }
    kernel.timeouts(configured);
    return List.of(
        "set timeouts tcp "
            + configured.tcp()
            + " tcpfin "
            + configured.tcpFin()
            + " udp "
            + configured.udp());
  }

  private static boolean isRight(int configured, int present) {
    return configured == 0 || configured == present;
  }

  /** Reads what is ours or will be. */
  void read() throws IOException {
    Found found = companion.read();
    boolean isFirst = committed.destinations().isEmpty();
    if (isFirst) {
      desired.routed(routes.present());
    }
    // Routes follow the table, so that it was there and somebody else removed it.
    boolean isTableLost = isFirst && companion.isNew();
    wanted.addAll(addresses(_ -> true));
    Set<VirtualServerId> ours = new HashSet<>(committed.servers.ids());
    found.served().forEach(address -> ours.add(WantedServer.id(address)));
    wanted.forEach(address -> ours.add(WantedServer.id(address)));
    found
        .insideMarks()
        .forEach((address, mark) -> {
          PortId port = desired.insidePort(address);
          if (port != null) {
            committed.marks.adopt(port, mark);
          }
        });
    found
        .insideMarks()
        .forEach((address, mark) -> {
          if (InsideMark.isOne(mark) && committed.marks.port(mark) == null) {
            // Nobody else's before the table has forgotten it.
            committed.marks.reserve(mark);
            forgotten.add(new VirtualServerId.ByMark(address.family(), mark));
          }
        });
    committed.servers.clear();
    for (VirtualServerStatus status : kernel.virtualServers()) {
      VirtualServer server = status.server();
      if (isOurs(server.id(), ours) || (isTableLost && isRouted(server.id()))) {
        hold(server);
      }
    }
    committed.drain.retain(committed.servers.ids());
    isCold = committed.servers.size() == 0 && found.served().isEmpty();
  }

  private boolean isOurs(VirtualServerId id, Set<VirtualServerId> ours) {
    return switch (id) {
      case VirtualServerId.ByAddress byAddress ->
          ours.contains(id) && !settings.excludes(byAddress.address());
      case VirtualServerId.ByMark byMark -> InsideMark.isOne(byMark.mark());
    };
  }

  private boolean isRouted(VirtualServerId id) {
    return id instanceof VirtualServerId.ByAddress byAddress
        && desired.isRouted(byAddress.address())
        && !settings.excludes(byAddress.address());
  }

  private void hold(VirtualServer server) throws IOException {
    List<RealServerStatus> present = kernel.realServers(server.id());
    committed.servers.add(server, present.stream().map(RealServerStatus::server).toList());
    statuses.put(server.id(), present);
    if (server.id() instanceof VirtualServerId.ByMark byMark) {
      committed.marks.reserve(byMark.mark());
    }
  }

  /** Whether nothing of ours is there, as after a boot. */
  boolean isCold() {
    return isCold;
  }

  /** Has a commit look at what is most urgent. */
  void addUrgent(Commit commit) {
    addresses(Synchronization::isUrgent).forEach(commit::add);
  }

  /** Has a commit look at everything. */
  void addAll(Commit commit) {
    Set<VirtualAddress> all = new TreeSet<>(wanted);
    all.addAll(committed.destinations().keySet());
    all.forEach(commit::add);
    forgotten.forEach(commit::add);
    statuses.forEach((id, present) -> {
      commit.add(id);
      commit.note(id, present);
    });
  }

  private static boolean isUrgent(ServiceFragment fragment) {
    ObjectKey service = fragment.service();
    return service.equals(API_SERVER)
        || (service.namespace().equals(SYSTEM)
            && fragment.ports().stream()
                .anyMatch(
                    port -> port.frontends().keySet().stream().anyMatch(one -> one.port() == DNS)));
  }

  private Set<VirtualAddress> addresses(Predicate<ServiceFragment> test) {
    Set<VirtualAddress> addresses = new TreeSet<>();
    for (ServiceFragment fragment : claims.fragments()) {
      if (test.test(fragment)) {
        fragment.ports().stream()
            .flatMap(port -> port.frontends().keySet().stream())
            .filter(frontend -> claims.isOwner(fragment.service(), frontend))
            .forEach(frontend -> addresses.addAll(concrete(frontend)));
      }
    }
    return addresses;
  }

  private Set<VirtualAddress> concrete(FrontendAddress frontend) {
    return desired.places().of(frontend);
  }

  /** Removes all virtual servers of ours. */
  void remove() throws IOException {
    Set<VirtualServerId> ours = new HashSet<>(committed.servers.ids());
    companion.read().served().forEach(address -> ours.add(WantedServer.id(address)));
    List<IpvsOperation> removals = new ArrayList<>();
    for (VirtualServerStatus status : kernel.virtualServers()) {
      if (isOurs(status.server().id(), ours)) {
        removals.add(new IpvsOperation.DeleteVirtualServer(status.server().id()));
      }
    }
    Refusals refusals = new Refusals();
    kernel.apply(removals).stream()
        .filter(failure -> !Refusals.isHarmless(failure))
        .forEach(refusals::add);
    committed.servers.clear();
    committed.drain.retain(Set.of());
    refusals.throwIfAny(VirtualServerId::toString);
  }
}
