package io.fairlead.nftables.policy;

import static io.fairlead.nftables.policy.PolicyTable.TABLE;

import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PolicyDirection;
import io.fairlead.dataplane.netlink.nftables.NfChain;
import io.fairlead.dataplane.netlink.nftables.NfRule;
import io.fairlead.dataplane.netlink.nftables.expression.ObjectReference;
import io.fairlead.dataplane.netlink.nftables.expression.ObjectType;
import io.fairlead.dataplane.netlink.nftables.expression.RuleBuilder;
import io.fairlead.dataplane.netlink.nftables.expression.UserData;
import io.fairlead.dataplane.netlink.nftables.expression.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The policies that isolate a pod in one direction. Pods of the same policies share a chain, which
 * asks each of them and then denies.
 *
 * @param policies at least one, in the order of names
 */
record Combination(PolicyDirection direction, List<ObjectKey> policies) {

  Combination {
    policies = List.copyOf(policies);
  }

  /** The name of its chain, and of the counter of what it denies. */
  String name() {
    ContentHash hash = new ContentHash();
    policies.forEach(policy -> hash.add(policy.namespace()).add(policy.name()));
    return direction.text() + "-pods-" + hash.text();
  }

  /** The names of the policies, as far as there is room. */
  String comment() {
    return UserData.cleanComment(
        policies.stream().map(ObjectKey::toString).collect(Collectors.joining(" ")));
  }

  NfChain chain() {
    return NfChain.regular(TABLE, name(), comment());
  }

  List<NfRule> rules() {
    String chain = name();
    List<NfRule> rules = new ArrayList<>();
    rules.add(NfRule.of(TABLE, chain, "", new RuleBuilder().priority(0).build()));
    for (ObjectKey policy : policies) {
      Verdict jump = Verdict.jump(PolicyNames.chain(direction, policy));
      rules.add(NfRule.of(TABLE, chain, "", new RuleBuilder().verdict(jump).build()));
    }
    rules.add(
        NfRule.of(
            TABLE,
            chain,
            "",
            new RuleBuilder()
                .then(new ObjectReference(ObjectType.COUNTER, chain))
                .verdict(Verdict.goTo(PolicyTable.deny(direction)))
                .build()));
    return rules;
  }
}
