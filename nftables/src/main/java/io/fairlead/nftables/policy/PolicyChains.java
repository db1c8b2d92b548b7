package io.fairlead.nftables.policy;

import static io.fairlead.nftables.policy.PolicyTable.TABLE;

import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PolicyDirection;
import io.fairlead.dataplane.netlink.nftables.NfChain;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.expression.UserData;
import io.fairlead.dataplane.policy.enforcement.Enforcement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The chains of policies that are in the kernel, and how many combinations lead to each. Not
 * thread-safe.
 */
final class PolicyChains {

  private static final class Chain {
    private PolicyRules rules = PolicyRules.NONE;
    private int users;
    private boolean present;
  }

  private final Enforcement wanted;
  private final BrokenPolicies broken;
  private final SetUses sets;
  private final Map<PolicyCounters.Key, Chain> chains = new HashMap<>();
  private final Set<PolicyCounters.Key> touched = new LinkedHashSet<>();

  PolicyChains(Enforcement wanted, BrokenPolicies broken, SetUses sets) {
    this.wanted = wanted;
    this.broken = broken;
    this.sets = sets;
  }

  /** One combination more leads to the policies. */
  void acquire(Combination combination) {
    for (PolicyCounters.Key key : keys(combination)) {
      chains.computeIfAbsent(key, _ -> new Chain()).users++;
      touched.add(key);
    }
  }

  /** One combination less leads to the policies. */
  void release(Combination combination) {
    for (PolicyCounters.Key key : keys(combination)) {
      Chain chain = chains.get(key);
      if (chain != null) {
        chain.users--;
        touched.add(key);
      }
    }
  }

  private static List<PolicyCounters.Key> keys(Combination combination) {
    return combination.policies().stream()
        .map(policy -> new PolicyCounters.Key(policy, combination.direction()))
        .toList();
  }

  /**
   * Makes what is led to now and was not before, removes what is not led to any more, and renews
   * what changed.
   */
  void settle(Set<ObjectKey> changed, PolicyPlan plan) {
    for (ObjectKey policy : changed) {
      for (PolicyDirection direction : PolicyDirection.values()) {
        PolicyCounters.Key key = new PolicyCounters.Key(policy, direction);
        if (chains.containsKey(key)) {
          touched.add(key);
        }
      }
    }
    for (PolicyCounters.Key key : touched) {
      Chain chain = chains.get(key);
      if (chain != null) {
        settle(key, chain, changed.contains(key.policy()), plan);
      }
    }
    touched.clear();
  }

  private void settle(PolicyCounters.Key key, Chain chain, boolean changed, PolicyPlan plan) {
    String name = PolicyNames.chain(key.direction(), key.policy());
    if (chain.users == 0) {
      chains.remove(key);
      sets.release(chain.rules.sets());
      if (chain.present) {
        plan.removeChain(name);
      }
      return;
    }
    if (chain.present && !changed) {
      return;
    }
    PolicyRules before = chain.rules;
    PolicyRules rules = render(key);
    sets.acquire(rules.sets());
    sets.release(before.sets());
    chain.rules = rules;
    if (!chain.present) {
      chain.present = true;
      String comment = UserData.cleanComment(key.policy().toString());
      plan.addChain(NfChain.regular(TABLE, name, comment), rules.rules(), "allowed");
    } else if (!rules.rules().equals(before.rules())) {
      plan.replaceRules(name, rules.rules());
    }
  }

  private PolicyRules render(PolicyCounters.Key key) {
    if (broken.contains(key.policy())) {
      return PolicyRules.NONE;
    }
    try {
      return PolicyRules.of(key.direction(), wanted.policies().get(key.policy()));
    } catch (RuntimeException e) {
      broken.add(key.policy(), "cannot be made rules of: " + e);
      return PolicyRules.NONE;
    }
  }

  /** The rules of a policy's chain; none if it has none. */
  PolicyRules rules(PolicyCounters.Key key) {
    Chain chain = chains.get(key);
    return chain == null ? PolicyRules.NONE : chain.rules;
  }

  /** The policies and directions that have a chain. */
  Set<PolicyCounters.Key> keys() {
    return Set.copyOf(chains.keySet());
  }

  /** The policies to which a chain or a set of this name belongs; none if it is nobody's. */
  Set<ObjectKey> usersOf(String name) {
    Set<ObjectKey> users = new HashSet<>();
    chains.forEach((key, chain) -> {
      boolean own = PolicyNames.chain(key.direction(), key.policy()).equals(name);
      if (own
          || chain.rules.sets().stream()
              .flatMap(set -> set.sets().stream())
              .map(NfSet::name)
              .anyMatch(name::equals)) {
        users.add(key.policy());
      }
    });
    return users;
  }
}
