package io.fairlead.bench.policy.matrix;

import static io.fairlead.bench.policy.matrix.Policies.*;

import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Rule;
import io.fairlead.dataplane.model.Protocol;
import java.util.ArrayList;
import java.util.List;

/**
 * The situations of Kubernetes' own conformance-like suite (test/e2e/network/netpol), under the
 * names that it has for them, in the order that it has them. What they mean is written down beside
 * them, for all ports and protocols, so that the oracle is checked, too.
 */
final class UpstreamCases {

  private static final String X_NAME = ClusterState.NAMESPACE_NAME + "=x";
  private static final String Y_NAME = ClusterState.NAMESPACE_NAME + "=y";
  private static final String NOT_X = ClusterState.NAMESPACE_NAME + "!=x";
  private static final String X_B = "10.244.1.17";
  private static final String Y_B = "10.244.1.33";

  private final List<PolicyCase> cases = new ArrayList<>();

  private UpstreamCases() {}

  static List<PolicyCase> all() {
    UpstreamCases upstream = new UpstreamCases();
    upstream.denials();
    upstream.selectors();
    upstream.ports();
    upstream.changes();
    upstream.egress();
    upstream.stacks();
    upstream.blocks();
    upstream.protocols();
    upstream.defaultLabels();
    upstream.otherProtocols();
    return List.copyOf(upstream.cases);
  }

  private void add(String name, Cell.Truth truth, NetworkPolicyRecord... policies) {
    cases.add(
        PolicyCase.named(name, "upstream").then("create", state -> state.with(policies), truth));
  }

  private void add(PolicyCase story) {
    cases.add(story);
  }

  private static NetworkPolicyRecord toXa(String name, Rule... rules) {
    return ingress("x", name, "pod=a", rules);
  }

  private static NetworkPolicyRecord denyAll(String name) {
    return both("x", name, "", List.of(), List.of());
  }

  private void denials() {
    add("'default-deny-ingress' policy", cell -> !cell.to("x"), ingress("x", "deny-ingress", ""));
    add("'default-deny-all' policy", cell -> !cell.to("x") && !cell.from("x"), denyAll("deny-all"));
  }

  private void selectors() {
    add(
        "traffic from pods within server namespace based on PodSelector",
        cell -> !cell.to("x/a") || cell.from("x/b"),
        toXa("x-a-allows-x-b", with(pods("pod=b"))));
    add(
        "ingress traffic for a target",
        cell -> !cell.to("x") || cell.to("x/a"),
        ingress("x", "deny-all", ""),
        toXa("allow-all-to-a", with(pods("", ""))));
    add(
        "ingress traffic from pods in all namespaces",
        _ -> true,
        toXa("allow-from-another-ns", with(namespaces(""))));
    add(
        "traffic only from a different namespace, based on NamespaceSelector",
        cell -> !cell.to("x/a") || cell.from("y"),
        toXa("allow-client-a-via-ns-selector", with(namespaces(Y_NAME))));
    add(
        "PodSelector with MatchExpressions",
        cell -> !cell.to("x/a") || cell.from("x/b"),
        toXa("x-a-allows-x-b", with(pods("pod in (b)"))));
    add(
        "NamespaceSelector with MatchExpressions",
        cell -> !cell.to("x/a") || cell.from("y"),
        toXa(
            "allow-ns-y-match-selector",
            with(namespaces(ClusterState.NAMESPACE_NAME + " in (y)"))));
    add(
        "PodSelector or NamespaceSelector",
        cell -> !cell.to("x/a") || !cell.from("x") || cell.from("x/b"),
        toXa("allow-ns-y-match-selector", with(namespaces(NOT_X), pods("pod=b"))));
    add(
        "PodSelector and NamespaceSelector",
        cell -> !cell.to("x/a") || cell.from("y/b") || cell.from("z/b"),
        toXa("allow-ns-y-podselector-and-nsselector", with(pods(NOT_X, "pod=b"))));
    add(
        "Multiple PodSelectors and NamespaceSelectors",
        cell -> !cell.to("x/a") || (!cell.from("x") && !cell.from("y/a") && !cell.from("z/a")),
        toXa("allow-ns-y-z-pod-b-c", with(pods(NOT_X, "pod in (b,c)"))));
    add(
        "any PodSelectors",
        cell -> !cell.to("x/a") || cell.from("x/b") || cell.from("x/c"),
        toXa("allow-ns-x-pod-b-c", with(pods("pod=b"), pods("pod=c"))));
    add(
        "traffic only from a pod in a different namespace based on PodSelector and NamespaceSelector",
        cell -> !cell.to("x/a") || cell.from("y/a"),
        toXa("allow-ns-y-pod-a-via-namespace-pod-selector", with(pods(Y_NAME, "pod=a"))));
  }

  private void ports() {
    NetworkPolicyRecord on81 =
        toXa("allow-client-a-via-ns-selector", rule(List.of(namespaces(Y_NAME)), tcp(81)));
    add("Ports", cell -> !cell.to("x/a") || (cell.from("y") && cell.is(Protocol.TCP, 81)), on81);
    add(
        PolicyCase.named("multiple, stacked policies with overlapping podSelectors", "upstream")
            .then(
                "port 81",
                state -> state.with(on81),
                cell -> !cell.to("x/a") || (cell.from("y") && cell.is(Protocol.TCP, 81)))
            .then(
                "port 80, too",
                state ->
                    state.with(
                        toXa(
                            "allow-client-a-via-ns-selector-80",
                            rule(List.of(namespaces(Y_NAME)), tcp(80)))),
                cell -> !cell.to("x/a") || (cell.from("y") && cell.protocol() == Protocol.TCP)));
    add("allow-all policy", _ -> true, ingress("x", "allow-all", "", with()));
    add(
        "ingress access on one named port",
        cell -> !cell.to("x") || cell.is(Protocol.TCP, 81),
        ingress("x", "allow-all", "", at(named(Protocol.TCP, "serve-81-tcp"))));
    add(
        "ingress access from namespace on one named port",
        cell -> !cell.to("x/a") || (cell.from("y") && cell.is(Protocol.TCP, 80)),
        toXa(
            "allow-client-a-via-ns-selector-80",
            rule(List.of(namespaces(Y_NAME)), named(Protocol.TCP, "serve-80-tcp"))));
    add(
        "egress access on one named port",
        cell -> !cell.from("x") || cell.is(Protocol.TCP, 80),
        Policies.egress("x", "allow-egress", "", at(named(Protocol.TCP, "serve-80-tcp"))));
  }

  private void changes() {
    add(
        PolicyCase.named("updated policy", "upstream")
            .then(
                "allow all",
                state -> state.with(ingress("x", "allow-all-mutate-to-deny-all", "", with())),
                _ -> true)
            .then(
                "deny all",
                state -> state.with(ingress("x", "allow-all-mutate-to-deny-all", "")),
                cell -> !cell.to("x")));
    add(
        PolicyCase.named("ingress access from updated namespace", "upstream")
            .then(
                "before",
                state ->
                    state.with(
                        toXa("allow-client-a-via-ns-selector", with(namespaces("ns2=updated")))),
                cell -> !cell.to("x/a"))
            .then(
                "label namespace y",
                state -> state.labelNamespace("y", "ns2", "updated"),
                cell -> !cell.to("x/a") || cell.from("y")));
    add(
        PolicyCase.named("ingress access from updated pod", "upstream")
            .then(
                "before",
                state ->
                    state.with(
                        toXa("allow-client-a-via-pod-selector", with(pods("pod=b,pod2=updated")))),
                cell -> !cell.to("x/a"))
            .then(
                "label x/b",
                state -> state.labelPod("x", "b", "pod2", "updated"),
                cell -> !cell.to("x/a") || cell.from("x/b")));
    add(
        "deny ingress from pods on other namespaces",
        cell -> !cell.to("x") || cell.from("x"),
        ingress("x", "deny-empty-policy", "", with(pods(""))));
    add(
        PolicyCase.named("deny ingress access to updated pod", "upstream")
            .then(
                "before",
                state ->
                    state.with(ingress("x", "deny-ingress-via-label-selector", "target=isolated")),
                _ -> true)
            .then(
                "label x/a",
                state -> state.labelPod("x", "a", "target", "isolated"),
                cell -> !cell.to("x/a")));
  }

  private void egress() {
    add(
        "deny egress from pods based on PodSelector",
        cell -> !cell.from("x/a"),
        Policies.egress("x", "deny-egress-pod-a", "pod=a"));
    add(
        "deny egress from all pods in a namespace",
        cell -> !cell.from("x"),
        Policies.egress("x", "deny-egress-ns-x", ""));
    add(
        "Ingress, Egress specified together",
        cell ->
            (!cell.to("x/a") || cell.from("x/b"))
                && (!cell.from("x/a") || cell.is(Protocol.TCP, 80)),
        both(
            "x",
            "allow-client-a-via-pod-selector",
            "pod=a",
            List.of(with(pods("pod=b"))),
            List.of(at(tcp(80)))));
    add(
        "denying of egress traffic on the client side (even if the server explicitly allows it)",
        cell ->
            (!cell.from("x/a") || cell.to("y/a"))
                && ((!cell.to("y/a") && !cell.to("y/b")) || cell.from("x/a")),
        Policies.egress("x", "allow-to-ns-y-pod-a", "pod=a", with(pods(Y_NAME, "pod=a"))),
        ingress("y", "allow-from-xa-on-ya-match-selector", "pod=a", with(pods(X_NAME, "pod=a"))),
        ingress("y", "allow-from-xa-on-yb-match-selector", "pod=b", with(pods(X_NAME, "pod=a"))));
    add(
        "egress to a server in a different namespace based on PodSelector and NamespaceSelector",
        cell -> !cell.from("x/a") || cell.to("y/a"),
        Policies.egress("x", "allow-to-ns-y-pod-a", "pod=a", with(pods(Y_NAME, "pod=a"))));
    add(
        "ingress allowing any port traffic on a specific protocol",
        cell -> !cell.to("x/a") || cell.protocol() == Protocol.TCP,
        toXa("allow-ingress-by-proto", at(every(Protocol.TCP))));
  }

  private void stacks() {
    add(
        PolicyCase.named("multiple ingress policies with allow-all taking precedence", "upstream")
            .then(
                "port 80",
                state -> state.with(ingress("x", "allow-ingress-port-80", "", at(tcp(80)))),
                cell -> !cell.to("x") || cell.is(Protocol.TCP, 80))
            .then(
                "allow all",
                state -> state.with(ingress("x", "allow-ingress", "", with())),
                _ -> true));
    add(
        PolicyCase.named("multiple egress policies with allow-all taking precedence", "upstream")
            .then(
                "port 80",
                state -> state.with(Policies.egress("x", "allow-egress-port-80", "", at(tcp(80)))),
                cell -> !cell.from("x") || cell.is(Protocol.TCP, 80))
            .then(
                "allow all",
                state -> state.with(Policies.egress("x", "allow-egress", "", with())),
                _ -> true));
    add(
        PolicyCase.named("stop enforcing policies after they are deleted", "upstream")
            .then(
                "deny all",
                state -> state.with(denyAll("deny-all")),
                cell -> !cell.to("x") && !cell.from("x"))
            .then("delete", ClusterState::withoutPolicies, _ -> true));
  }

  private void blocks() {
    String name = "allow-client-a-via-cidr-egress-rule";
    add(
        "egress access to server in CIDR block",
        cell -> !cell.from("x/a") || cell.to("y/b"),
        Policies.egress("x", name, "pod=a", with(block(Y_B + "/32"))));
    NetworkPolicyRecord except =
        Policies.egress("x", name, "pod=a", with(block("10.244.1.0/24", X_B + "/32")));
    Cell.Truth excepted = cell -> !cell.from("x/a") || !cell.to("x/b");
    add("except clause while egress access to server in CIDR block", excepted, except);
    add(
        PolicyCase.named("IP overlapping both IPBlock.CIDR and IPBlock.Except", "upstream")
            .then("except", state -> state.with(except), excepted)
            .then(
                "replaced by its address",
                state -> state.with(Policies.egress("x", name, "pod=a", with(block(X_B + "/32")))),
                cell -> !cell.from("x/a") || cell.to("x/b")));
    add(
        PolicyCase.named(
                "ingress and egress controlled independently based on PodSelector", "upstream")
            .then(
                "egress",
                state ->
                    state.with(Policies.egress("x", "allow-egress-for-target", "pod=a", with())),
                _ -> true)
            .then(
                "ingress",
                state -> state.with(toXa("deny-ingress-via-label-selector")),
                cell -> !cell.to("x/a")));
  }

  private void protocols() {
    add(
        "not mistakenly treat 'protocol: SCTP' as 'protocol: TCP'",
        cell -> !cell.to("x") || (cell.to("x/a") && cell.is(Protocol.SCTP, 81)),
        ingress("x", "deny-ingress", ""),
        toXa("allow-only-sctp-ingress-on-port-81", at(sctp(81))));
    add(
        "properly isolate pods that are selected by a policy allowing SCTP",
        cell -> !cell.to("x/a") || cell.is(Protocol.SCTP, 80),
        toXa("allow-only-sctp-ingress-on-port-80", at(sctp(80))));
    add(
        "not allow access by TCP when a policy specifies only UDP",
        cell -> !cell.to("x/a") || cell.is(Protocol.UDP, 81),
        toXa("allow-only-udp-ingress-on-port-81", at(udp(81))));
  }

  private void defaultLabels() {
    add(
        "NamespaceSelector with MatchLabels using default ns label",
        cell -> !cell.to("x/a") || cell.from("y"),
        toXa("allow-client-a-via-ns-selector-for-immutable-ns-label", with(namespaces(Y_NAME))));
    add(
        "NamespaceSelector with MatchExpressions using default ns label",
        cell -> !cell.from("x/a") || !cell.to("y"),
        Policies.egress(
            "x",
            "allow-ns-y-match-selector-for-immutable-ns-label",
            "pod=a",
            with(namespaces(ClusterState.NAMESPACE_NAME + " notin (y)"))));
  }

  private void otherProtocols() {
    for (Protocol protocol : List.of(Protocol.UDP, Protocol.SCTP)) {
      add(
          protocol + ": 'default-deny-ingress' policy",
          cell -> !cell.to("x"),
          ingress("x", "deny-all", ""));
      add(
          protocol + ": Ports",
          cell -> !cell.to("x/a") || (cell.from("y") && cell.is(protocol, 81)),
          toXa(
              "allow-ingress-on-port-81-ns-x",
              rule(List.of(namespaces(Y_NAME)), port(protocol, 81))));
      add(
          protocol + ": a pod in a different namespace by PodSelector and NamespaceSelector",
          cell -> !cell.to("x/a") || (cell.from("y/a") && cell.protocol() == protocol),
          toXa(
              "allow-ns-y-pod-a-via-namespace-pod-selector",
              rule(List.of(pods(Y_NAME, "pod=a")), every(protocol))));
    }
  }
}
