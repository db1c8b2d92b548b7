package io.fairlead.dataplane.service.conntrack;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.EndpointAddress;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.ServiceChange;
import io.fairlead.dataplane.service.ServiceFragment;
import io.fairlead.dataplane.service.ServicePortFragment;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the UDP frontends that may have left flows behind: those that lost an endpoint, got their
 * first one, changed hands, or are gone. An endpoint that is only added to others leaves none.
 *
 * <p>It remembers of each UDP port the endpoints that serve without being chosen, such as those
 * that drain: when they end, nothing changes but this. Used by the reconciling thread only.
 */
public final class FlowChanges {

  private record PortId(ObjectKey service, String name, AddressFamily family) {}

  private final Map<PortId, Set<EndpointAddress>> unchosen = new HashMap<>();

  /** Sorted: a hash table would stay as large as the first sync made it, and each use cost that. */
  private final Set<FrontendAddress> changed = new TreeSet<>();

  /**
   * Takes note of what became of a Service, also if nothing of its own changed but its slices.
   *
   * @param slices of the Service, as {@code change.after()} was made from
   */
  public void note(ServiceChange change, Collection<EndpointSliceRecord> slices) {
    ServiceFragment before = change.before();
    ServiceFragment after = change.after();
    Map<FrontendAddress, Set<EndpointAddress>> then = new HashMap<>();
    for (ServicePortFragment port : udpPorts(before)) {
      Set<EndpointAddress> serving = ServingEndpoints.chosen(port);
      serving.addAll(unchosen.getOrDefault(id(change.service(), port), Set.of()));
      port.frontends().keySet().forEach(address -> then.putIfAbsent(address, serving));
    }
    udpPorts(before).forEach(port -> unchosen.remove(id(change.service(), port)));
    Map<FrontendAddress, Set<EndpointAddress>> now = new HashMap<>();
    for (ServicePortFragment port : udpPorts(after)) {
      Set<EndpointAddress> serving = ServingEndpoints.of(port, slices);
      remember(id(change.service(), port), port, serving);
      port.frontends().keySet().forEach(address -> now.putIfAbsent(address, serving));
    }
    // Of another age, it may have left addresses to others or taken them from others.
    boolean sameAge = before != null && after != null && before.created() == after.created();
    then.forEach((address, serving) -> {
      if (!sameAge || leavesFlows(serving, now.get(address))) {
        changed.add(address);
      }
    });
    now.keySet().stream()
        .filter(address -> !sameAge || !then.containsKey(address))
        .forEach(changed::add);
  }

  private static List<ServicePortFragment> udpPorts(@Nullable ServiceFragment fragment) {
    return fragment == null
        ? List.of()
        : fragment.ports().stream().filter(port -> port.protocol() == Protocol.UDP).toList();
  }

  private static PortId id(ObjectKey service, ServicePortFragment port) {
    return new PortId(service, port.name(), port.family());
  }

  private void remember(PortId id, ServicePortFragment port, Set<EndpointAddress> serving) {
    Set<EndpointAddress> others = new HashSet<>(serving);
    others.removeAll(ServingEndpoints.chosen(port));
    if (!others.isEmpty()) {
      unchosen.put(id, others);
    }
  }

  private static boolean leavesFlows(
      Set<EndpointAddress> then, @Nullable Set<EndpointAddress> now) {
    return now == null || then.isEmpty() != now.isEmpty() || !now.containsAll(then);
  }

  /**
   * What {@link #note} gathered since the last call, with the endpoints that serve each frontend
   * now: none if it is nobody's any more. To be called once the kernel sends new flows the new way,
   * so that no flow is made the old way after it was looked for.
   *
   * @param slices of each Service, as they were committed
   */
  public Map<FrontendAddress, Set<EndpointAddress>> take(
      AddressClaims claims, Function<ObjectKey, Collection<EndpointSliceRecord>> slices) {
    if (changed.isEmpty()) {
      return Map.of();
    }
    Map<FrontendAddress, Set<EndpointAddress>> taken = new HashMap<>();
    for (FrontendAddress address : changed) {
      AddressClaims.Owner owner = claims.owner(address);
      taken.put(
          address,
          owner == null
              ? Set.of()
              : Collections.unmodifiableSet(
                  ServingEndpoints.of(owner.port(), slices.apply(owner.service()))));
    }
    changed.clear();
    return taken;
  }

  /**
   * Every UDP and TCP frontend that has endpoints, with all that serve it: for when flows may have
   * begun that were not translated, since somebody else had removed the rules. To be called once
   * they are there again. It costs what the frontends are, whatever endpoints they have.
   */
  public Map<FrontendAddress, Set<EndpointAddress>> all(AddressClaims claims) {
    Map<FrontendAddress, Set<EndpointAddress>> all = new HashMap<>();
    for (FrontendAddress address : claims.addresses()) {
      AddressClaims.Owner owner = claims.owner(address);
      if (owner == null || address.protocol() == Protocol.SCTP) {
        continue;
      }
      ServicePortFragment port = owner.port();
      if (!port.cluster().isEmpty() || !port.local().isEmpty()) {
        all.put(
            address,
            new EndpointsView(port, unchosen.getOrDefault(id(owner.service(), port), Set.of())));
      }
    }
    return all;
  }
}
