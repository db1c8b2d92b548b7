package io.fairlead.nftables.policy;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PolicyDirection;
import io.fairlead.dataplane.netlink.nftables.KeyBuilder;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.policy.enforcement.Enforcement;
import io.fairlead.dataplane.policy.enforcement.Subject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What was committed: the mirror of the kernel's table, without the members of sets. A change is
 * remembered at once; if it cannot be committed, the state is to be thrown away. Not thread-safe.
 */
final class PolicyState {

  private final Enforcement wanted;
  private final SetUses sets;
  private final PolicyChains chains;
  private final Combinations combinations;
  private final Map<IpAddress, Subject> subjects = new HashMap<>();

  /**
   * Nothing yet.
   *
   * @param broken policies that are to allow nothing; gets those that cannot be rendered
   * @param known numbers that are to be kept
   */
  PolicyState(Enforcement wanted, BrokenPolicies broken, KnownNumbers known) {
    this.wanted = wanted;
    this.sets = new SetUses(wanted);
    this.chains = new PolicyChains(wanted, broken, sets);
    this.combinations = new Combinations(chains, known);
  }

  /** Makes everything that is wanted; on a state that is empty. */
  void fill(PolicyPlan plan) {
    for (IpAddress address : new TreeSet<>(wanted.addresses())) {
      change(address, wanted.subject(address), plan);
    }
    settle(Set.of(), new MemberChanges(), plan);
    combinations.forgetKnown();
  }

  /**
   * Makes what changed.
   *
   * @param addresses of pods of this node
   */
  void change(
      Set<IpAddress> addresses, Set<ObjectKey> policies, MemberChanges members, PolicyPlan plan) {
    for (IpAddress address : new TreeSet<>(addresses)) {
      change(address, wanted.subject(address), plan);
    }
    settle(new TreeSet<>(policies), members, plan);
  }

  private void settle(Set<ObjectKey> policies, MemberChanges members, PolicyPlan plan) {
    combinations.settle(plan);
    chains.settle(policies, plan);
    sets.settle(members, plan);
  }

  private void change(IpAddress address, @Nullable Subject after, PolicyPlan plan) {
    Subject before = subjects.get(address);
    if (Objects.equals(before, after)) {
      return;
    }
    PolicySets fixed = PolicySets.of(address.family());
    if (before == null) {
      plan.addElement(fixed.admitted(), SharedSet.element(address));
    } else if (after == null) {
      plan.removeElement(fixed.admitted(), SharedSet.element(address));
    }
    boolean wasIsolated = before != null && !before.equals(Subject.FREE);
    boolean isIsolated = after != null && !after.equals(Subject.FREE);
    SetElement itself = SetElement.of(new KeyBuilder().address(address).address(address).build());
    if (isIsolated && !wasIsolated) {
      plan.addElement(fixed.itself(), itself);
    } else if (wasIsolated && !isIsolated) {
      plan.removeElement(fixed.itself(), itself);
    }
    for (PolicyDirection direction : PolicyDirection.values()) {
      List<ObjectKey> old = before == null ? List.of() : before.policies(direction);
      List<ObjectKey> current = after == null ? List.of() : after.policies(direction);
      change(address, direction, old, current, plan);
    }
    if (after == null) {
      subjects.remove(address);
    } else {
      subjects.put(address, after);
    }
  }

  private void change(
      IpAddress address,
      PolicyDirection direction,
      List<ObjectKey> before,
      List<ObjectKey> after,
      PolicyPlan plan) {
    if (before.equals(after)) {
      return;
    }
    var map = PolicySets.of(address.family()).isolated(direction);
    Bytes key = Bytes.of(address);
    if (!before.isEmpty()) {
      Bytes number = combinations.release(new Combination(direction, before));
      plan.removeElement(map, SetElement.of(key, number));
    }
    if (!after.isEmpty()) {
      Bytes number = combinations.acquire(new Combination(direction, after));
      plan.addElement(map, SetElement.of(key, number));
    }
  }

  /** How an address was isolated; null if it was not let in. */
  @Nullable Subject subject(IpAddress address) {
    return subjects.get(address);
  }

  /** The number in the maps of a combination that an address has. */
  Bytes number(Combination combination) {
    return combinations.number(combination);
  }

  /** The rules of a policy's chain; none if it has none. */
  PolicyRules rules(PolicyCounters.Key key) {
    return chains.rules(key);
  }

  /** The policies that a chain or a set of this name is for; none if it is nobody's. */
  Set<ObjectKey> policiesOf(String name) {
    return chains.usersOf(name);
  }

  /** The policies and directions that have a chain. */
  Set<PolicyCounters.Key> policies() {
    return chains.keys();
  }

  Set<Combination> combinations() {
    return combinations.all();
  }
}
