package io.fairlead.bench.policy.matrix;

import static io.fairlead.bench.policy.matrix.Policies.*;

import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Rule;
import io.fairlead.dataplane.model.PolicyDirection;
import io.fairlead.dataplane.model.Protocol;
import java.util.ArrayList;
import java.util.List;

/** Several rules, several policies, and policies that seem to contradict each other. */
final class StackCases {

  private final List<PolicyCase> cases = new ArrayList<>();

  private StackCases() {}

  static List<PolicyCase> all() {
    StackCases stacks = new StackCases();
    for (PolicyDirection direction : PolicyDirection.values()) {
      stacks.rules(direction);
      stacks.stacks(direction);
      stacks.conflicts(direction);
    }
    stacks.bothEnds();
    return stacks.cases;
  }

  private void add(String tag, String name, NetworkPolicyRecord... policies) {
    cases.add(PolicyCase.named(name, tag).create(policies));
  }

  private void rules(PolicyDirection direction) {
    String of = direction.text() + ": ";
    Rule[][] lists = {
      {},
      {with()},
      {with(), with()},
      {with(pods("pod=b")), with(namespaces("ns=z"))},
      {rule(List.of(pods("")), tcp(80)), rule(List.of(namespaces("ns=y")), udp(81))},
      {with(pods("pod=b")), at(sctp(81))},
      {at(tcp(80)), at(tcp(81)), at(udp(80)), at(sctp(80))},
      {with(pods("pod=nobody")), with(pods("ns=y", "pod=b"))},
      {rule(List.of(pods("")), tcp(80)), rule(List.of(pods("")), tcp(80))},
      {rule(List.of(block("10.244.1.0/24")), udp(80)), with(pods("pod=c"))},
      // What could not be understood is left out, and allows nothing.
      {new Rule(List.of(), null)},
      {new Rule(null, List.of())},
      {new Rule(List.of(), List.of(tcp(80))), at(udp(80))},
    };
    for (int i = 0; i < lists.length; i++) {
      add(
          "rule",
          of + "rules, list " + (i + 1) + " of " + lists[i].length,
          policy(direction, "x", "rules", "", lists[i]));
    }
  }

  private void stacks(PolicyDirection direction) {
    String of = direction.text() + ": ";
    NetworkPolicyRecord deny = policy(direction, "x", "deny", "");
    NetworkPolicyRecord fromB = policy(direction, "x", "b", "pod=a", with(pods("pod=b")));
    NetworkPolicyRecord fromY = policy(direction, "x", "y", "pod!=b", with(namespaces("ns=y")));
    NetworkPolicyRecord at80 = policy(direction, "x", "at-80", "pod in (a,b)", at(tcp(80)));
    NetworkPolicyRecord otherNamespace = policy(direction, "y", "deny", "pod=a");
    add("policy-stack", of + "deny and allow", deny, fromB);
    add("policy-stack", of + "two that allow", fromB, fromY);
    add("policy-stack", of + "three that allow", fromB, fromY, at80);
    add("policy-stack", of + "all of them", deny, fromB, fromY, at80, otherNamespace);
    add("policy-stack", of + "two namespaces", fromB, otherNamespace);
    add(
        "policy-stack",
        of + "the same words under two names",
        fromB,
        policy(direction, "x", "b2", "pod=a", with(pods("pod=b"))));
    add(
        "policy-stack",
        of + "the same words in two namespaces",
        policy(direction, "x", "own", "", with(pods("pod=b"))),
        policy(direction, "y", "own", "", with(pods("pod=b"))));
    List<NetworkPolicyRecord> many = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      many.add(
          policy(
              direction,
              "x",
              "many-" + i,
              "pod=a",
              rule(List.of(pods("ns=z", "pod=b")), tcp(1000 + i))));
    }
    many.add(policy(direction, "x", "zz-last", "pod=a", rule(List.of(pods("ns=z", "")), udp(81))));
    add("policy-stack", of + "thirty, the last allows", many.toArray(NetworkPolicyRecord[]::new));
    add(
        "policy-stack",
        of + "each pod has others",
        policy(direction, "x", "a", "pod=a", with(pods("pod=b"))),
        policy(direction, "x", "b", "pod=b", with(namespaces("ns=y"))),
        policy(direction, "x", "c", "pod=c", at(every(Protocol.UDP))),
        policy(direction, "x", "ab", "pod!=c", at(sctp(81))));
  }

  private void conflicts(PolicyDirection direction) {
    String of = direction.text() + ": ";
    NetworkPolicyRecord deny = policy(direction, "x", "deny", "");
    NetworkPolicyRecord allow = policy(direction, "x", "allow", "", with());
    add("conflict", of + "all denied and all allowed", deny, allow);
    add(
        "conflict",
        of + "all denied under a later name, one allowed",
        policy(direction, "x", "zz", ""),
        policy(direction, "x", "aa", "pod=a", with(pods("ns=y", "pod=a"))));
    add(
        "conflict",
        of + "except in one, block in another",
        policy(direction, "x", "one", "", with(block("0.0.0.0/0", "10.244.1.32/28"))),
        policy(direction, "x", "two", "pod=b", with(block("10.244.1.33/32"))));
    add(
        "conflict",
        of + "one port each",
        policy(direction, "x", "one", "", at(tcp(80))),
        policy(direction, "x", "two", "", at(tcp(81))));
    add(
        "conflict",
        of + "namespaces deny each other",
        policy(direction, "x", "own", "", with(pods(""))),
        policy(direction, "y", "own", "", with(pods(""))),
        policy(direction, "z", "own", "", with(pods(""))));
  }

  /** Egress of one end and ingress of the other must both allow. */
  private void bothEnds() {
    NetworkPolicyRecord fromY = ingress("x", "from-y", "pod=a", with(namespaces("ns=y")));
    NetworkPolicyRecord toX = egress("y", "to-x", "", with(namespaces("ns=x")));
    NetworkPolicyRecord to80 = egress("y", "to-80", "", at(tcp(80)));
    add("conflict", "both ends allow", fromY, toX);
    add("conflict", "the source allows, the destination denies", ingress("x", "deny", ""), toX);
    add("conflict", "the destination allows, the source denies", fromY, egress("y", "no", ""));
    add(
        "conflict",
        "each end allows another port",
        to80,
        ingress("x", "at-81", "", at(tcp(81), udp(81))));
    add(
        "conflict",
        "the ends agree on one port",
        to80,
        ingress("x", "some", "", at(tcp(80), udp(81))));
    add(
        "direction",
        "a ring of three namespaces",
        both("x", "ring", "", List.of(with(namespaces("ns=z"))), List.of(with(namespaces("ns=y")))),
        both("y", "ring", "", List.of(with(namespaces("ns=x"))), List.of(with(namespaces("ns=z")))),
        both(
            "z", "ring", "", List.of(with(namespaces("ns=y"))), List.of(with(namespaces("ns=x")))));
    add(
        "direction",
        "egress and ingress of the same pods",
        both("x", "two", "", List.of(with(pods("pod=a"))), List.of(with(pods("pod=b")))));
    add(
        "policy-stack",
        "everybody may ask one pod only",
        ingress("x", "a", "pod=a", with(namespaces(""))),
        ingress("x", "rest", "pod!=a"),
        ingress("y", "rest", ""),
        ingress("z", "rest", ""));
  }
}
