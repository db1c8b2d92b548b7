package io.fairlead.nftables.policy;

import io.fairlead.dataplane.model.PolicyDirection;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.netlink.nftables.expression.Verdict;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The combinations that are in the kernel, their numbers, and how many addresses have each. Not
 * thread-safe.
 *
 * <p>Pods' addresses lead to a number, and the number to the chain, so that a pod that comes is a
 * plain element: when a verdict is added to a map, the kernel walks through all chains that any
 * verdict in it leads to.
 */
final class Combinations {

  private static final class Use {
    private final int number;
    private int users;
    private boolean present;

    Use(int number) {
      this.number = number;
    }
  }

  private final PolicyChains chains;

  private final KnownNumbers known;
  private final Map<Combination, Use> uses = new HashMap<>();
  private final Map<PolicyDirection, BitSet> taken = new EnumMap<>(PolicyDirection.class);
  private final Set<Combination> touched = new LinkedHashSet<>();

  /** None yet; those that have a number in the kernel get it again. */
  Combinations(PolicyChains chains, KnownNumbers known) {
    this.chains = chains;
    this.known = known;
    for (PolicyDirection direction : PolicyDirection.values()) {
      BitSet numbers = new BitSet();
      numbers.set(0); // No priority at all.
      known.numbers(direction).forEach(numbers::set);
      taken.put(direction, numbers);
    }
  }

  private BitSet numbers(PolicyDirection direction) {
    return taken.getOrDefault(direction, new BitSet());
  }

  /** One address more has the combination; returns its number as it is in the maps. */
  Bytes acquire(Combination combination) {
    Use use = uses.computeIfAbsent(combination, this::create);
    use.users++;
    return Bytes.u32(use.number);
  }

  private Use create(Combination combination) {
    BitSet numbers = numbers(combination.direction());
    Integer knownNumber = known.take(combination);
    int number = knownNumber == null ? numbers.nextClearBit(1) : knownNumber;
    numbers.set(number);
    chains.acquire(combination);
    touched.add(combination);
    return new Use(number);
  }

  /** One address less has the combination; returns the number that it had. */
  Bytes release(Combination combination) {
    Use use = uses.get(combination);
    if (use == null) {
      throw new IllegalStateException("no address has " + combination);
    }
    use.users--;
    touched.add(combination);
    return Bytes.u32(use.number);
  }

  /** Makes those that are new and removes those that no address has any more. */
  void settle(PolicyPlan plan) {
    for (Combination combination : touched) {
      Use use = uses.get(combination);
      if (use != null && use.users == 0) {
        remove(combination, use, plan);
      } else if (use != null && !use.present) {
        use.present = true;
        plan.addChain(combination.chain(), combination.rules(), "denied");
        plan.addElement(PolicySets.chains(combination.direction()), element(combination, use));
      }
    }
    touched.clear();
  }

  private void remove(Combination combination, Use use, PolicyPlan plan) {
    uses.remove(combination);
    numbers(combination.direction()).clear(use.number);
    chains.release(combination);
    if (use.present) {
      plan.removeElement(PolicySets.chains(combination.direction()), element(combination, use));
      plan.removeChain(combination.name());
    }
  }

  private static SetElement element(Combination combination, Use use) {
    return SetElement.of(Bytes.u32(use.number), Verdict.goTo(combination.name()));
  }

  /** Numbers that nobody has asked for are free. */
  void forgetKnown() {
    for (PolicyDirection direction : PolicyDirection.values()) {
      known.numbers(direction).forEach(numbers(direction)::clear);
    }
    known.clear();
  }

  /** The number, as it is in the maps, of one that is there. */
  Bytes number(Combination combination) {
    Use use = uses.get(combination);
    if (use == null) {
      throw new IllegalStateException("no address has " + combination);
    }
    return Bytes.u32(use.number);
  }

  /** Those that are there. */
  Set<Combination> all() {
    return Set.copyOf(uses.keySet());
  }
}
