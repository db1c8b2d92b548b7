package io.fairlead.nftables.policy;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.policy.enforcement.Enforcement;
import io.fairlead.dataplane.policy.enforcement.PeerSelector;
import io.fairlead.dataplane.policy.enforcement.PodPort;
import io.fairlead.dataplane.policy.enforcement.PortName;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The shared sets that are in the kernel, and how many policies use each. Changes are noted first
 * and made by {@link #settle}, so that a set that one policy gives up and another takes stays. Not
 * thread-safe.
 */
final class SetUses {

  private static final class Use {
    private final List<NfSet> sets;
    private int users;

    Use(List<NfSet> sets) {
      this.sets = sets;
    }
  }

  private final Enforcement wanted;
  private final Map<SharedSet, Use> uses = new HashMap<>();

  /** What changed its number of users, and whether it was there before. */
  private final Map<SharedSet, Boolean> touched = new LinkedHashMap<>();

  SetUses(Enforcement wanted) {
    this.wanted = wanted;
  }

  /** One policy more uses the sets. */
  void acquire(Set<SharedSet> sets) {
    for (SharedSet set : sets) {
      touched.putIfAbsent(set, uses.containsKey(set));
      uses.computeIfAbsent(set, _ -> new Use(set.sets())).users++;
    }
  }

  /** One policy less uses the sets. */
  void release(Set<SharedSet> sets) {
    for (SharedSet set : sets) {
      touched.putIfAbsent(set, true);
      Use use = uses.get(set);
      if (use != null) {
        use.users--;
      }
    }
  }

  /** Makes what is used now and was not before, and removes what is not used any more. */
  void settle(MemberChanges members, PolicyPlan plan) {
    touched.forEach((set, present) -> {
      Use use = uses.get(set);
      if (use != null && use.users == 0) {
        uses.remove(set);
        if (present) {
          use.sets.forEach(plan::removeSet);
        }
      } else if (use != null && !present) {
        use.sets.forEach(plan::addSet);
        addMembers(set, use.sets, plan);
      }
    });
    members.selectors((selector, change) -> {
      List<NfSet> sets = settled(new SharedSet.Pods(selector));
      if (sets != null) {
        change.added().forEach(address -> add(sets, address, plan));
        change
            .removed()
            .forEach(address -> plan.removeElement(of(sets, address), SharedSet.element(address)));
      }
    });
    members.portNames((name, change) -> {
      List<NfSet> sets = settled(new SharedSet.NamedPort(name));
      if (sets != null) {
        change.added().forEach(port -> add(sets, port, plan));
        change
            .removed()
            .forEach(port -> plan.removeElement(of(sets, port.address()), SharedSet.element(port)));
      }
    });
    touched.clear();
  }

  /** The sets, if they were there before and still are: others have the members of now. */
  private @Nullable List<NfSet> settled(SharedSet set) {
    Use use = uses.get(set);
    return use == null || !touched.getOrDefault(set, true) ? null : use.sets;
  }

  private void addMembers(SharedSet set, List<NfSet> sets, PolicyPlan plan) {
    switch (set) {
      case SharedSet.Pods(PeerSelector selector) ->
          wanted.members(selector).forEach(address -> add(sets, address, plan));
      case SharedSet.NamedPort(PortName name) ->
          wanted.members(name).forEach(port -> add(sets, port, plan));
      case SharedSet.Blocks _, SharedSet.Ports _ -> SharedSet.addFixed(set, plan.elements());
    }
  }

  private static void add(List<NfSet> sets, IpAddress address, PolicyPlan plan) {
    plan.addElement(of(sets, address), SharedSet.element(address));
  }

  private static void add(List<NfSet> sets, PodPort port, PolicyPlan plan) {
    plan.addElement(of(sets, port.address()), SharedSet.element(port));
  }

  /** Of a set of each family, that of the address. */
  private static NfSet of(List<NfSet> sets, IpAddress address) {
    return switch (address.family()) {
      case IPV4 -> sets.getFirst();
      case IPV6 -> sets.getLast();
    };
  }

  /** How many sets there are in the kernel. */
  int size() {
    return uses.values().stream().mapToInt(use -> use.sets.size()).sum();
  }
}
