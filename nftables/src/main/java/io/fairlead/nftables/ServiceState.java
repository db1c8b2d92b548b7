package io.fairlead.nftables;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.service.EndpointAddress;
import io.fairlead.dataplane.service.VirtualAddress;
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

  private static final List<EndpointAddress> NONE = List.of();

  private final NodeNetwork network;
  private final Map<VirtualAddress, List<EndpointAddress>> slots = new HashMap<>();

  /** How many virtual addresses a local endpoint serves. */
  private final Map<IpAddress, Integer> hairpins = new HashMap<>();

  private final Set<Integer> chains = new HashSet<>();

  ServiceState(NodeNetwork network) {
    this.network = network;
  }

  /** The number of virtual addresses. */
  int size() {
    return slots.size();
  }

  Set<Integer> chains() {
    return Set.copyOf(chains);
  }

  /** The chain for this number of endpoints is in the kernel. */
  void hasChain(int endpoints) {
    chains.add(endpoints);
  }

  /** Operations that make the chain, unless it is there. */
  private List<NfOperation> needChain(int endpoints) {
    if (endpoints == 0 || !chains.add(endpoints)) {
      return List.of();
    }
    List<NfOperation> operations = new ArrayList<>();
    operations.add(new NfOperation.AddChain(EndpointChain.chain(endpoints)));
    EndpointChain.rules(endpoints).forEach(rule -> operations.add(new NfOperation.AddRule(rule)));
    return operations;
  }

  /**
   * Gives a virtual address these endpoints.
   *
   * @param wanted null if no Service has the address, empty if it is to be refused
   * @param changes gets the elements that differ
   * @return operations that must come first
   */
  List<NfOperation> change(
      VirtualAddress address, @Nullable List<EndpointAddress> wanted, ElementChanges changes) {
    List<EndpointAddress> before = slots.get(address);
    List<EndpointAddress> after =
        wanted == null ? null : Slots.assign(before == null ? NONE : before, wanted);
    if (Objects.equals(before, after)) {
      return List.of();
    }
    if (after == null) {
      slots.remove(address);
    } else {
      slots.put(address, after);
    }
    changeService(address, before, after, changes);
    List<EndpointAddress> old = before == null ? NONE : before;
    List<EndpointAddress> current = after == null ? NONE : after;
    changeEndpoints(address, old, current, changes);
    changeHairpins(old, current, changes);
    return needChain(current.size());
  }

  private static void changeService(
      VirtualAddress address,
      @Nullable List<EndpointAddress> before,
      @Nullable List<EndpointAddress> after,
      ElementChanges changes) {
    FamilySets sets = FamilySets.of(address.address().family());
    int old = before == null ? -1 : before.size();
    int current = after == null ? -1 : after.size();
    if (old == current) {
      return;
    }
    if (old == 0) {
      changes.remove(sets.refused(), ServiceElements.refused(address));
    } else if (old > 0) {
      changes.remove(sets.services(), ServiceElements.service(address, old));
    }
    if (current == 0) {
      changes.add(sets.refused(), ServiceElements.refused(address));
    } else if (current > 0) {
      changes.add(sets.services(), ServiceElements.service(address, current));
    }
  }

  private static void changeEndpoints(
      VirtualAddress address,
      List<EndpointAddress> before,
      List<EndpointAddress> after,
      ElementChanges changes) {
    FamilySets sets = FamilySets.of(address.address().family());
    for (int i = 0; i < Math.max(before.size(), after.size()); i++) {
      EndpointAddress old = i < before.size() ? before.get(i) : null;
      EndpointAddress current = i < after.size() ? after.get(i) : null;
      if (!Objects.equals(old, current)) {
        if (old != null) {
          changes.remove(sets.endpoints(), ServiceElements.endpoint(address, i, old));
        }
        if (current != null) {
          changes.add(sets.endpoints(), ServiceElements.endpoint(address, i, current));
        }
      }
    }
  }

  private void changeHairpins(
      List<EndpointAddress> before, List<EndpointAddress> after, ElementChanges changes) {
    for (EndpointAddress endpoint : after) {
      count(endpoint.address(), 1, changes);
    }
    for (EndpointAddress endpoint : before) {
      count(endpoint.address(), -1, changes);
    }
  }

  private void count(IpAddress address, int difference, ElementChanges changes) {
    if (!network.isLocal(address)) {
      return;
    }
    int before = hairpins.getOrDefault(address, 0);
    int after = before + difference;
    FamilySets sets = FamilySets.of(address.family());
    if (after == 0) {
      hairpins.remove(address);
      changes.remove(sets.hairpins(), ServiceElements.hairpin(address));
    } else {
      hairpins.put(address, after);
      if (before == 0) {
        changes.add(sets.hairpins(), ServiceElements.hairpin(address));
      }
    }
  }
}
