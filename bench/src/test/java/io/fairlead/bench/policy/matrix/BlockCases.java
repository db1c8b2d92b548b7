package io.fairlead.bench.policy.matrix;

import static io.fairlead.bench.policy.matrix.Policies.block;
import static io.fairlead.bench.policy.matrix.Policies.policy;
import static io.fairlead.bench.policy.matrix.Policies.rule;
import static io.fairlead.bench.policy.matrix.Policies.tcp;
import static io.fairlead.bench.policy.matrix.Policies.udp;
import static io.fairlead.bench.policy.matrix.Policies.with;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Peer;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Rule;
import io.fairlead.dataplane.model.PolicyDirection;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Peers that are addresses. Blocks mean pods as well as anybody else, and never more than they say:
 * policy 13, faults 33. They are compared behind a Service's translation: policy 6, faults 31.
 */
final class BlockCases {

  private static final String ALL = "0.0.0.0/0";
  private static final String PODS = "10.244.1.0/24";
  private static final String Y = "10.244.1.32/28";

  private BlockCases() {}

  static List<PolicyCase> all() {
    List<PolicyCase> cases = new ArrayList<>();
    for (PolicyDirection direction : PolicyDirection.values()) {
      peers()
          .forEach((name, peers) -> {
            cases.add(of(direction, name, with(peers.toArray(Peer[]::new))));
            cases.add(of(direction, name + ", two ports", rule(peers, tcp(81), udp(80))));
          });
      rules().forEach((name, rules) -> cases.add(of(direction, name, rules.toArray(Rule[]::new))));
    }
    bothFamilies()
        .forEach((name, peers) -> {
          for (PolicyDirection direction : PolicyDirection.values()) {
            cases.add(
                of(direction, name, with(peers.toArray(Peer[]::new)))
                    .by(EnumSet.allOf(AddressFamily.class)));
          }
        });
    return cases;
  }

  private static PolicyCase of(PolicyDirection direction, String name, Rule... rules) {
    return PolicyCase.named(direction.text() + " " + name, "peer-ipblock", "direction")
        .create(policy(direction, "x", "blocks", "pod!=c", rules));
  }

  private static Map<String, List<Peer>> peers() {
    Map<String, List<Peer>> peers = new TreeMap<>();
    peers.put("everything", List.of(block(ALL)));
    peers.put("the pods' network", List.of(block(PODS)));
    peers.put("a namespace's addresses", List.of(block(Y)));
    peers.put("one address", List.of(block("10.244.1.33/32")));
    peers.put("two of three addresses", List.of(block("10.244.1.48/31")));
    peers.put("a block that only overlaps", List.of(block("10.244.1.34/30")));
    peers.put("everything but one address", List.of(block(ALL, "10.244.1.33/32")));
    peers.put("but a namespace and another's address", List.of(block(PODS, Y, "10.244.1.49/32")));
    peers.put("except overlaps except", List.of(block(PODS, Y, "10.244.1.32/27")));
    peers.put("except is all of it", List.of(block(Y, Y)));
    peers.put(
        "except is all of it in halves", List.of(block(Y, "10.244.1.32/29", "10.244.1.40/29")));
    peers.put(
        "except at the first and the last address",
        List.of(block("10.244.1.32/29", "10.244.1.32/32", "10.244.1.39/32")));
    peers.put(
        "an exception of one block is in another",
        List.of(block(PODS, Y), block("10.244.1.34/32")));
    peers.put(
        "a block within a block with an exception",
        List.of(block(Y, "10.244.1.32/31"), block("10.244.1.32/32")));
    peers.put("the same twice", List.of(block(Y), block(Y)));
    peers.put(
        "the same with another exception",
        List.of(block(Y, "10.244.1.32/32"), block(Y, "10.244.1.33/32")));
    peers.put("neighbours", List.of(block("10.244.1.16/28"), block("10.244.1.32/28")));
    peers.put("nested", List.of(block("10.244.0.0/16"), block(PODS), block(Y)));
    peers.put("nobody's addresses", List.of(block("198.51.100.0/24")));
    peers.put("the addresses of Services", List.of(block("10.96.0.0/16")));
    peers.put("a block or pods", List.of(block("10.244.1.48/28"), Policies.pods("pod=b")));
    peers.put(
        "a block or pods of a namespace",
        List.of(block("10.244.1.17/32"), Policies.pods("ns=y", "pod in (a,c)")));
    peers.put(
        "but the pods that a selector means",
        List.of(block(PODS, Y), Policies.pods("ns=y", "pod=a")));
    peers.put(
        "a hundred addresses",
        IntStream.range(0, 100)
            .<Peer>mapToObj(i -> block("10.244.1." + (2 * i + 1) + "/32"))
            .toList());
    peers.put(
        "a hundred exceptions",
        List.of(
            block(
                PODS,
                Stream.iterate(0, i -> i + 2)
                    .limit(100)
                    .map(i -> "10.244.1." + i + "/32")
                    .toArray(String[]::new))));
    return peers;
  }

  private static Map<String, List<Rule>> rules() {
    Map<String, List<Rule>> rules = new TreeMap<>();
    rules.put(
        "allowed again by another rule",
        List.of(with(block(PODS, Y)), with(block("10.244.1.33/32"))));
    rules.put(
        "allowed again by another rule at one port",
        List.of(with(block(PODS, Y)), rule(List.of(block("10.244.1.33/32")), tcp(80))));
    rules.put(
        "everything at one port, a block at all",
        List.of(rule(List.of(block(ALL)), udp(81)), with(block(Y))));
    return rules;
  }

  private static Map<String, List<Peer>> bothFamilies() {
    Map<String, List<Peer>> peers = new TreeMap<>();
    peers.put("of IPv4 isolates IPv6", List.of(block(ALL)));
    peers.put("of IPv6 isolates IPv4", List.of(block("::/0")));
    peers.put("of both", List.of(block(Y), block("fd00:244:1::30/124")));
    peers.put("of IPv6 but one address", List.of(block("fd00:244:1::/64", "fd00:244:1::21/128")));
    peers.put(
        "of IPv6 but a namespace and again",
        List.of(block("fd00:244:1::/64", "fd00:244:1::20/124"), block("fd00:244:1::22/128")));
    return peers;
  }
}
