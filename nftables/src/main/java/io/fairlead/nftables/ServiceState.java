package io.fairlead.nftables;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.nftables.NfChain;
import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfRule;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.service.EndpointAddress;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.VirtualAddress;
import io.fairlead.dataplane.table.CountedElements;
import io.fairlead.dataplane.table.ElementSink;
import io.fairlead.dataplane.table.ServiceKeys;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was committed for Services: the mirror of the kernel's elements. A change yields the
 * elements that differ and is remembered at once; if it cannot be committed, the state is to be
 * thrown away.
 */
final class ServiceState {

  private final NodeNetwork network;
  private final Map<FrontendAddress, Treatment> treatments = new HashMap<>();

  /** How many frontends a local endpoint serves. */
  private final CountedElements hairpins = new CountedElements();

  /** How many frontends a cluster IP has. */
  private final CountedElements clusterIps = new CountedElements();

  private final Set<Target> targets = new HashSet<>();
  private final Set<AffinityChain> affinityChains = new HashSet<>();

  ServiceState(NodeNetwork network) {
    this.network = network;
  }

  /** The number of frontends. */
  int size() {
    return treatments.size();
  }

  /** What was committed for an address; null if nothing was. */
  @Nullable Treatment treatment(FrontendAddress address) {
    return treatments.get(address);
  }

  /** Operations that make what leads to the target, unless it is there. */
  List<NfOperation> need(Target target, ElementSink sink) {
    if (!targets.add(target)) {
      return List.of();
    }
    sink.add(ServiceSets.BALANCE, target.element());
    for (Client client : Client.values()) {
      if (client.isMasqueraded(target.masquerade())) {
        sink.add(client.masqueraded(), SetElement.of(target.bytes()));
      }
    }
    return Target.additions(newChains(target));
  }

  /** Targets differ in more than their chains. */
  private Map<NfChain, List<NfRule>> newChains(Target target) {
    Map<NfChain, List<NfRule>> chains = target.chains();
    for (Target other : targets) {
      if (other.endpoints() == target.endpoints() && !other.equals(target)) {
        chains.keySet().removeAll(other.chains().keySet());
      }
    }
    return chains;
  }

  /** Operations that make the chain, unless it is there. */
  List<NfOperation> need(AffinityChain chain) {
    return affinityChains.add(chain) ? Target.additions(chain.chains()) : List.of();
  }

  /**
   * Treats an address like this.
   *
   * @param wanted null if no Service has the address
   * @param sink gets the elements that differ
   * @return operations that must come first
   */
  List<NfOperation> change(FrontendAddress address, @Nullable Treatment wanted, ElementSink sink) {
    Treatment before = treatments.get(address);
    List<EndpointAddress> slots = before == null ? List.of() : before.endpoints();
    List<EndpointAddress> apartSlots = before == null ? List.of() : before.apartEndpoints();
    return change(
        address, before, wanted == null ? null : wanted.keepingSlots(slots, apartSlots), sink);
  }

  /** The same for an address that is new here, but has these slots in the kernel. */
  List<NfOperation> adopt(FrontendAddress address, Treatment wanted, ElementSink sink) {
    return change(address, null, wanted, sink);
  }

  private List<NfOperation> change(
      FrontendAddress address,
      @Nullable Treatment before,
      @Nullable Treatment after,
      ElementSink sink) {
    if (Objects.equals(before, after)) {
      return List.of();
    }
    if (after == null) {
      treatments.remove(address);
    } else {
      treatments.put(address, after);
    }
    // Most changes replace endpoints by as many others, which nothing but their slots shows.
    List<NfOperation> operations =
        before != null && after != null && before.differsInEndpointsAlone(after)
            ? List.of()
            : replace(address, before, after, sink);
    List<EndpointAddress> old = before == null ? List.of() : before.endpoints();
    List<EndpointAddress> current = after == null ? List.of() : after.endpoints();
    List<EndpointAddress> oldApart = before == null ? List.of() : before.apartEndpoints();
    List<EndpointAddress> currentApart = after == null ? List.of() : after.apartEndpoints();
    changeEndpoints(address, 0, old, current, sink);
    changeEndpoints(address, FrontendSets.LOCAL_SLOTS, oldApart, currentApart, sink);
    current.forEach(endpoint -> countHairpin(endpoint.address(), 1, sink));
    currentApart.forEach(endpoint -> countHairpin(endpoint.address(), 1, sink));
    old.forEach(endpoint -> countHairpin(endpoint.address(), -1, sink));
    oldApart.forEach(endpoint -> countHairpin(endpoint.address(), -1, sink));
    if (address instanceof VirtualAddress virtual) {
      int difference =
          (after != null && after.clusterIp() ? 1 : 0)
              - (before != null && before.clusterIp() ? 1 : 0);
      NfSet set = ServiceSets.of(address.family()).clusterIps();
      IpAddress ip = virtual.address();
      clusterIps.count(ip, difference, set, ServiceKeys.address(ip), sink);
    }
    return operations;
  }

  /** All elements but those of endpoints. */
  private List<NfOperation> replace(
      FrontendAddress address,
      @Nullable Treatment before,
      @Nullable Treatment after,
      ElementSink sink) {
    List<NfOperation> operations = new ArrayList<>();
    if (before != null) {
      before.addTo(address, sink.reversed());
    }
    if (after != null) {
      after.addTo(address, sink);
      after.targets(address).forEach(target -> operations.addAll(need(target, sink)));
      if (after.affinitySeconds() > 0) {
        operations.addAll(need(new AffinityChain(address.family(), after.affinitySeconds())));
      }
    }
    return operations;
  }

  private static void changeEndpoints(
      FrontendAddress address,
      int firstSlot,
      List<EndpointAddress> before,
      List<EndpointAddress> after,
      ElementSink sink) {
    NfSet set = FrontendSets.of(address).endpoints();
    for (int i = 0; i < Math.max(before.size(), after.size()); i++) {
      EndpointAddress old = i < before.size() ? before.get(i) : null;
      EndpointAddress current = i < after.size() ? after.get(i) : null;
      if (!Objects.equals(old, current)) {
        var key = ServiceElements.slotKey(address, firstSlot + i);
        if (old != null) {
          sink.remove(set, SetElement.of(key, ServiceElements.value(old)));
        }
        if (current != null) {
          sink.add(set, SetElement.of(key, ServiceElements.value(current)));
        }
      }
    }
  }

  private void countHairpin(IpAddress address, int difference, ElementSink sink) {
    if (network.isLocal(address)) {
      AddressFamily family = address.family();
      NfSet set = ServiceSets.of(family).hairpins();
      hairpins.count(address, difference, set, ServiceKeys.hairpin(address), sink);
    }
  }
}
