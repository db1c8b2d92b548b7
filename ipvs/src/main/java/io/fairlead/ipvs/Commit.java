package io.fairlead.ipvs;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.ipvs.IpvsKernel;
import io.fairlead.dataplane.netlink.ipvs.IpvsKernel.Failure;
import io.fairlead.dataplane.netlink.ipvs.IpvsOperation;
import io.fairlead.dataplane.netlink.ipvs.RealServer;
import io.fairlead.dataplane.netlink.ipvs.RealServerId;
import io.fairlead.dataplane.netlink.ipvs.RealServerStatus;
import io.fairlead.dataplane.netlink.ipvs.VirtualServerId;
import io.fairlead.dataplane.service.VirtualAddress;
import io.fairlead.ipvs.address.VirtualAddressRoutes;
import io.fairlead.ipvs.companion.AddressTreatment;
import io.fairlead.ipvs.companion.CompanionTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One commit: addresses and virtual servers that may differ from what is wanted, and what brings
 * them there. Rules come before traffic: additions to the companion table, IPVS, routes, and last
 * what the table has no more use for.
 */
final class Commit {

  private final IpvsKernel kernel;
  private final CompanionTable companion;
  private final VirtualAddressRoutes routes;
  private final Desired desired;
  private final Committed committed;
  private final Predicate<IpAddress> mayBeLocal;
  private final long now;

  private final Map<VirtualAddress, @Nullable Destination> destinations = new LinkedHashMap<>();
  private final Set<VirtualServerId> servers = new LinkedHashSet<>();
  private final Map<VirtualServerId, WantedServer> wanted = new HashMap<>();

  /** Real servers for whose connections nobody waits any more. */
  private final Map<VirtualServerId, Set<RealServerId>> over = new HashMap<>();

  private final Map<VirtualServerId, Set<RealServerId>> draining = new HashMap<>();
  private final List<String> texts = new ArrayList<>();
  private final Refusals refusals = new Refusals();

  /**
   * Touches nothing yet.
   *
   * @param mayBeLocal whether a pod of this node may have an address
   * @param now of {@link System#nanoTime}
   */
  Commit(
      IpvsKernel kernel,
      CompanionTable companion,
      VirtualAddressRoutes routes,
      Desired desired,
      Committed committed,
      Predicate<IpAddress> mayBeLocal,
      long now) {
    this.kernel = kernel;
    this.companion = companion;
    this.routes = routes;
    this.desired = desired;
    this.committed = committed;
    this.mayBeLocal = mayBeLocal;
    this.now = now;
  }

  /** Looks at an address, and at the virtual servers that it has and had. */
  void add(VirtualAddress address) {
    Destination after = desired.destination(address);
    destinations.put(address, after);
    servers.add(WantedServer.id(address));
    addMark(committed.destinations().get(address));
    addMark(after);
  }

  private void addMark(@Nullable Destination destination) {
    if (destination != null && destination.insidePort() != null) {
      PortId port = destination.insidePort();
      servers.add(new VirtualServerId.ByMark(port.family(), committed.marks.of(port)));
    }
  }

  /** Looks at a virtual server that the kernel has. */
  void add(VirtualServerId id) {
    servers.add(id);
    if (id instanceof VirtualServerId.ByAddress byAddress) {
      VirtualAddress address = WantedServer.address(byAddress);
      if (!destinations.containsKey(address)) {
        add(address);
      }
    }
  }

  /** Looks at a virtual server with real servers that drain. */
  void addDraining(VirtualServerId id) throws IOException {
    add(id);
    note(id, kernel.realServers(id));
  }

  /** Takes note of how many connections real servers have. */
  void note(VirtualServerId id, Collection<RealServerStatus> statuses) {
    ServerMirror.Held held = committed.servers.held(id);
    if (held == null) {
      return;
    }
    Map<RealServerId, RealServerStatus> byId = new HashMap<>();
    statuses.forEach(status -> byId.put(status.server().id(), status));
    for (RealServer real : held.realServers()) {
      RealServerStatus status = byId.get(real.id());
      boolean isIdle = status == null || awaited(status) == 0;
      if (real.weight() == 0 && (isIdle || committed.drain.isExpired(id, real.id(), now))) {
        over.computeIfAbsent(id, _ -> new HashSet<>()).add(real.id());
      }
    }
  }

  /** Whoever serves from now on, closed connections need nothing but time. */
  private int awaited(RealServerStatus status) {
    return desired.isRetired() ? status.activeConnections() : connections(status);
  }

  private static int connections(RealServerStatus status) {
    return status.activeConnections() + status.inactiveConnections();
  }

  /**
   * Makes the changes.
   *
   * @return what it took, in order
   * @throws IOException if something was refused; all else is done, unless it needs that
   */
  List<String> change() throws IOException {
    List<IpvsOperation> operations = plan();
    lead(companion::treat);
    hairpinDifferences().forEach(companion::hairpin);
    texts.addAll(companion.commitAdditions());
    apply(operations);
    texts.addAll(routes.commit());
    texts.addAll(companion.commitRemovals());
    return finish();
  }

  /** The same where nothing is known of the table and the routes: every address was added. */
  List<String> synchronize() throws IOException {
    List<IpvsOperation> operations = plan();
    lead((_, _) -> {});
    Map<VirtualAddress, AddressTreatment> treatments = new HashMap<>();
    committed.destinations().forEach((address, to) -> treatments.put(address, to.treatment()));
    texts.addAll(companion.synchronize(treatments, allHairpins()));
    apply(operations);
    texts.addAll(routes.synchronize());
    texts.addAll(companion.commitRemovals());
    return finish();
  }

  private List<IpvsOperation> plan() throws IOException {
    for (VirtualServerId id : servers) {
      WantedServer server = want(id);
      if (server == null
          && !desired.isRetired()
          && committed.servers.held(id) != null
          && drains(id)
          && isNobodys(id)) {
        abandon(id);
      }
    }
    return plan(servers);
  }

  private List<IpvsOperation> plan(Collection<VirtualServerId> ids) {
    ServerChanges changes = new ServerChanges();
    for (VirtualServerId id : ids) {
      ServerMirror.Held held = committed.servers.held(id);
      draining.put(id, changes.add(id, held, wanted.get(id), isOver(id)));
    }
    return changes.operations();
  }

  private @Nullable WantedServer want(VirtualServerId id) {
    WantedServer server = desired.server(id);
    if (server == null) {
      wanted.remove(id);
    } else {
      wanted.put(id, server);
    }
    return server;
  }

  private Predicate<RealServer> isOver(VirtualServerId id) {
    WantedServer server = wanted.get(id);
    return drains(id) && (server == null || server.canDrain())
        ? real -> over.getOrDefault(id, Set.of()).contains(real.id())
        : _ -> true;
  }

  private boolean drains(VirtualServerId id) {
    Protocol protocol =
        switch (id) {
          case VirtualServerId.ByAddress byAddress -> byAddress.protocol();
          case VirtualServerId.ByMark byMark -> {
            PortId port = committed.marks.port(byMark.mark());
            yield port == null ? Protocol.TCP : port.protocol();
          }
        };
    return WantedServer.drains(protocol);
  }

  private boolean isNobodys(VirtualServerId id) {
    return switch (id) {
      case VirtualServerId.ByAddress byAddress ->
          destinations.get(WantedServer.address(byAddress)) == null;
      case VirtualServerId.ByMark byMark -> {
        PortId port = committed.marks.port(byMark.mark());
        yield port == null || desired.inside(port) == null;
      }
    };
  }

  /**
   * The address is nobody's, and should be anybody's again as soon as possible: only established
   * connections are waited for.
   */
  private void abandon(VirtualServerId id) throws IOException {
    List<RealServerStatus> statuses = kernel.realServers(id);
    boolean isIdle = statuses.stream().allMatch(status -> status.activeConnections() == 0);
    Set<RealServerId> idle = over.computeIfAbsent(id, _ -> new HashSet<>());
    for (RealServerStatus status : statuses) {
      if (isIdle || connections(status) == 0) {
        idle.add(status.server().id());
      }
    }
  }

  /** Where the addresses lead from now on, as long as connections keep their servers. */
  private void lead(BiConsumer<VirtualAddress, @Nullable AddressTreatment> changed) {
    destinations.forEach((address, after) -> {
      Set<RealServerId> left = draining.getOrDefault(WantedServer.id(address), Set.of());
      Destination before = committed.destinations().get(address);
      Destination to = after;
      if (!left.isEmpty()) {
        to = after == null ? desired.leftover(address, before) : after.whileDraining();
      }
      AddressTreatment treatment = to == null ? null : to.treatment();
      if (!Objects.equals(before == null ? null : before.treatment(), treatment)) {
        changed.accept(address, treatment);
      }
      committed.lead(address, to);
    });
  }

  private Map<IpAddress, Integer> hairpinDifferences() {
    Map<IpAddress, Integer> differences = new HashMap<>();
    for (VirtualServerId id : servers) {
      ServerMirror.Held held = committed.servers.held(id);
      if (held != null) {
        held.realServers().stream()
            .filter(real -> real.weight() != 0)
            .forEach(real -> count(real.address(), -1, differences));
      }
      count(wanted.get(id), differences);
    }
    differences.values().removeIf(difference -> difference == 0);
    return differences;
  }

  private Map<IpAddress, Integer> allHairpins() {
    Map<IpAddress, Integer> counts = new HashMap<>();
    wanted.values().forEach(server -> count(server, counts));
    return counts;
  }

  private void count(@Nullable WantedServer server, Map<IpAddress, Integer> counts) {
    if (server != null) {
      server.endpoints().forEach(endpoint -> count(endpoint.address(), 1, counts));
    }
  }

  private void count(IpAddress address, int difference, Map<IpAddress, Integer> counts) {
    if (mayBeLocal.test(address)) {
      counts.merge(address, difference, Integer::sum);
    }
  }

  private void apply(List<IpvsOperation> operations) throws IOException {
    Set<VirtualServerId> again = send(operations);
    // Each time the kernel lacks one scheduler more, until the simplest is left.
    while (!again.isEmpty()) {
      again.forEach(this::want);
      again = send(plan(again));
    }
    draining.forEach((id, left) -> committed.drain.set(id, left, now));
  }

  /** Returns the virtual servers to try again with another scheduler. */
  private Set<VirtualServerId> send(List<IpvsOperation> operations) throws IOException {
    if (operations.isEmpty()) {
      return Set.of();
    }
    List<Failure> failures = kernel.apply(operations);
    Set<VirtualServerId> again = again(failures);
    Set<IpvsOperation> failed = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Failure failure : failures) {
      if (!Refusals.isHarmless(failure)) {
        failed.add(failure.operation());
        if (!again.contains(failure.operation().virtualServer())) {
          refusals.add(failure);
        }
      }
    }
    for (IpvsOperation operation : operations) {
      if (!failed.contains(operation)) {
        committed.servers.apply(operation);
        texts.add(operation.toString());
      }
    }
    return again;
  }

  private Set<VirtualServerId> again(List<Failure> failures) {
    Set<VirtualServerId> again = new LinkedHashSet<>();
    for (Failure failure : failures) {
      String scheduler = Refusals.scheduler(failure.operation());
      if (scheduler != null
          && Refusals.isWithoutScheduler(failure)
          && desired.lacksScheduler(scheduler)) {
        again.add(failure.operation().virtualServer());
      }
    }
    return again;
  }

  private List<String> finish() throws IOException {
    for (VirtualServerId id : servers) {
      if (id instanceof VirtualServerId.ByMark byMark
          && committed.servers.held(id) == null
          && isNobodys(id)) {
        committed.marks.release(byMark.mark());
      }
    }
    refusals.throwIfAny(this::name);
    return texts;
  }

  private String name(VirtualServerId id) {
    PortId port =
        switch (id) {
          case VirtualServerId.ByAddress byAddress -> {
            Destination to = committed.destinations().get(WantedServer.address(byAddress));
            yield to == null ? null : to.port();
          }
          case VirtualServerId.ByMark byMark -> committed.marks.port(byMark.mark());
        };
    return port == null ? id.toString() : "Service " + port.service() + " at " + id;
  }
}
