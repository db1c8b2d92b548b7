package io.fairlead.nftables.policy;

import static io.fairlead.nftables.policy.PolicyTable.TABLE;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Peer;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Rule;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PolicyDirection;
import io.fairlead.dataplane.netlink.nftables.NfRule;
import io.fairlead.dataplane.netlink.nftables.expression.ObjectReference;
import io.fairlead.dataplane.netlink.nftables.expression.ObjectType;
import io.fairlead.dataplane.netlink.nftables.expression.RuleBuilder;
import io.fairlead.dataplane.netlink.nftables.expression.Verdict;
import io.fairlead.dataplane.policy.enforcement.PeerSelector;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a policy is in one direction: rules that accept what it allows, one for each kind of peer
 * with each kind of port. What comes to their end is not allowed by this policy.
 *
 * @param rules of the policy's chain
 * @param sets that these look packets up in
 */
record PolicyRules(List<NfRule> rules, Set<SharedSet> sets) {

  /** Those of a policy that allows nothing. */
  static final PolicyRules NONE = new PolicyRules(List.of(), Set.of());

  PolicyRules {
    rules = List.copyOf(rules);
    sets = Collections.unmodifiableSet(new LinkedHashSet<>(sets));
  }

  /** The rules of a policy; none if it is null, or does not isolate in this direction. */
  static PolicyRules of(PolicyDirection direction, @Nullable NetworkPolicyRecord policy) {
    List<Rule> rules = policy == null ? null : policy.rules(direction);
    if (policy == null || rules == null) {
      return NONE;
    }
    Rendering rendering = new Rendering(direction, policy.key());
    for (int i = 0; i < rules.size(); i++) {
      rendering.add(i, rules.get(i));
    }
    return new PolicyRules(rendering.inOrder(), rendering.sets);
  }

  private static final class Rendering {

    private final PolicyDirection direction;
    private final ObjectKey policy;
    private final String chain;
    private final List<NfRule> ofBoth = new ArrayList<>();
    private final Map<AddressFamily, List<NfRule>> ofOne = new EnumMap<>(AddressFamily.class);
    private final Set<SharedSet> sets = new LinkedHashSet<>();

    Rendering(PolicyDirection direction, ObjectKey policy) {
      this.direction = direction;
      this.policy = policy;
      this.chain = PolicyNames.chain(direction, policy);
    }

    /**
     * Any rule may be asked first, since all accept: IPv4 has nothing to ask of the rules of IPv6,
     * and so most packets meet half of the rules.
     */
    List<NfRule> inOrder() {
      List<NfRule> ipv4 = ofOne.getOrDefault(AddressFamily.IPV4, List.of());
      List<NfRule> ipv6 = ofOne.getOrDefault(AddressFamily.IPV6, List.of());
      List<NfRule> rules = new ArrayList<>(ofBoth);
      rules.addAll(ipv4);
      if (ipv6.size() > 1) {
        RuleBuilder others = new RuleBuilder().family(AddressFamily.IPV4).verdict(Verdict.RETURN);
        rules.add(NfRule.of(TABLE, chain, "the rest is IPv6", others.build()));
      }
      rules.addAll(ipv6);
      return rules;
    }

    /** A set of peers and where it is looked up; of both families and no set for everybody. */
    private record PeerMatch(@Nullable AddressFamily family, String set) {}

    void add(int index, Rule rule) {
      Set<PeerMatch> peers = peers(rule.peers());
      for (PortMatch port : PortMatch.of(direction, rule.ports())) {
        for (PeerMatch peer : peers) {
          add(index, peer, port);
        }
      }
    }

    private Set<PeerMatch> peers(@Nullable List<Peer> peers) {
      if (peers == null) {
        return Set.of(new PeerMatch(null, ""));
      }
      Set<PeerMatch> matches = new LinkedHashSet<>();
      List<Peer.Block> blocks = new ArrayList<>();
      for (Peer peer : peers) {
        switch (peer) {
          case Peer.Pods pods -> {
            SharedSet.Pods shared = new SharedSet.Pods(PeerSelector.of(policy.namespace(), pods));
            sets.add(shared);
            for (AddressFamily family : AddressFamily.values()) {
              String name = SharedSet.Pods.set(shared.selector(), family).name();
              matches.add(new PeerMatch(family, name));
            }
          }
          case Peer.Block block -> blocks.add(block);
        }
      }
      for (AddressFamily family : AddressFamily.values()) {
        List<AddressRange> ranges = AddressRange.union(family, blocks);
        if (!ranges.isEmpty()) {
          SharedSet.Blocks shared = new SharedSet.Blocks(family, ranges);
          sets.add(shared);
          matches.add(new PeerMatch(family, shared.set().name()));
        }
      }
      return matches;
    }

    private void add(int index, PeerMatch peer, PortMatch port) {
      AddressFamily family = peer.family();
      if (family == null && port.needsFamily()) {
        for (AddressFamily each : AddressFamily.values()) {
          add(index, new PeerMatch(each, ""), port);
        }
        return;
      }
      RuleBuilder rule = new RuleBuilder();
      if (family != null) {
        rule.family(family);
      }
      sets.addAll(port.sets());
      if (port instanceof PortMatch.One) {
        // It is quicker to compare a number than to look up a peer.
        port.addTo(rule, family);
      }
      if (family != null && !peer.set().isEmpty()) {
        rule.in(peer.set(), PolicySets.of(family).peer(direction));
      }
      if (!(port instanceof PortMatch.One)) {
        port.addTo(rule, family);
      }
      rule.then(new ObjectReference(ObjectType.COUNTER, chain)).verdict(Verdict.ACCEPT);
      (family == null ? ofBoth : ofOne.computeIfAbsent(family, _ -> new ArrayList<>()))
          .add(NfRule.of(TABLE, chain, direction.text() + "[" + index + "]", rule.build()));
    }
  }
}
