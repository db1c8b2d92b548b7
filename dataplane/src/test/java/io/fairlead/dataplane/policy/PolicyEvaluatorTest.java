package io.fairlead.dataplane.policy;

import static io.fairlead.dataplane.policy.PolicyText.allow;
import static io.fairlead.dataplane.policy.PolicyText.block;
import static io.fairlead.dataplane.policy.PolicyText.egress;
import static io.fairlead.dataplane.policy.PolicyText.ingress;
import static io.fairlead.dataplane.policy.PolicyText.key;
import static io.fairlead.dataplane.policy.PolicyText.on;
import static io.fairlead.dataplane.policy.PolicyText.pods;
import static io.fairlead.dataplane.policy.PolicyText.port;
import static io.fairlead.dataplane.policy.PolicyText.selector;
import static io.fairlead.dataplane.policy.PolicyText.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the API's documentation says of NetworkPolicies, and what it leaves open, line by line. */
class PolicyEvaluatorTest {

  /** Policies and what becomes of flows. */
  static final class Row {
    private final String name;
    private final List<NetworkPolicyRecord> policies;
    private final List<String> flows = new ArrayList<>();

    Row(String name, NetworkPolicyRecord... policies) {
      this.name = name;
      this.policies = List.of(policies);
    }

    /** The flow's words as {@link NinePods} reads them, and the two judgements. */
    Row flow(String flow, String egress, String ingress) {
      flows.add(flow + ": " + egress + " | " + ingress);
      return this;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static final String FREE = "not isolated";

  private static Row row(String name, NetworkPolicyRecord... policies) {
    return new Row(name, policies);
  }

  static Stream<Row> isolation() {
    return Stream.of(
        row("without a policy everything is allowed").flow("x/a y/b tcp 80", FREE, FREE),
        row("isolation is per direction", ingress("x/deny", "pod=a"))
            .flow("x/b x/a tcp 80", FREE, "denied by x/deny")
            .flow("x/a x/b tcp 80", FREE, FREE),
        row("likewise of egress", egress("x/deny", "pod=a"))
            .flow("x/a x/b tcp 80", "denied by x/deny", FREE)
            .flow("x/b x/a tcp 80", FREE, FREE),
        row(
                "policyTypes of both isolate in both",
                new NetworkPolicyRecord(
                    key("x/both"), selector(""), List.of(), List.of(Rule.EVERYTHING)))
            .flow("x/a y/a tcp 80", "x/both rule 0", FREE)
            .flow("y/a x/a tcp 80", FREE, "denied by x/both"),
        row("a policy selects pods of its own namespace only", ingress("x/deny", ""))
            .flow("x/a y/a tcp 80", FREE, FREE)
            .flow("y/a x/a tcp 80", FREE, "denied by x/deny"),
        row("an empty list of rules denies", ingress("x/p", ""))
            .flow("x/a x/b tcp 80", FREE, "denied by x/p"),
        row("an empty rule allows all", ingress("x/p", "", Rule.EVERYTHING))
            .flow("203.0.113.9 x/b tcp 80", FREE, "x/p rule 0")
            .flow("203.0.113.9 x/b icmp", FREE, "x/p rule 0"),
        row("policies are a union", ingress("x/a", ""), ingress("x/b", "pod=b", on(port("tcp 80"))))
            .flow("x/a x/b tcp 80", FREE, "x/b rule 0")
            .flow("x/a x/b tcp 81", FREE, "denied by x/a, x/b")
            .flow("x/a x/c tcp 80", FREE, "denied by x/a"),
        row(
                "in whatever order; the first by name is named",
                ingress("x/b", "", Rule.EVERYTHING),
                ingress("x/a", "", with(pods("pod=c")), Rule.EVERYTHING))
            .flow("x/a x/b tcp 80", FREE, "x/a rule 1"),
        row(
                "both ends must allow",
                egress("x/out", "pod=a", with(pods("ns=y", ""))),
                ingress("y/in", "pod=b", with(pods("ns=x", "pod=b"))))
            .flow("x/a y/b tcp 80", "x/out rule 0", "denied by y/in")
            .flow("x/a y/c tcp 80", "x/out rule 0", FREE)
            .flow("x/b y/b tcp 80", FREE, "y/in rule 0")
            .flow("x/a z/b tcp 80", "denied by x/out", FREE));
  }

  static Stream<Row> peers() {
    return Stream.of(
        row("podSelector alone: own namespace", ingress("x/p", "", with(pods("pod=a"))))
            .flow("x/a x/b tcp 80", FREE, "x/p rule 0")
            .flow("y/a x/b tcp 80", FREE, "denied by x/p"),
        row("namespaceSelector alone: every pod there", ingress("x/p", "", with(pods("ns=y", ""))))
            .flow("y/a x/b tcp 80", FREE, "x/p rule 0")
            .flow("y/c x/b tcp 80", FREE, "x/p rule 0")
            .flow("x/a x/b tcp 80", FREE, "denied by x/p"),
        row("both in one element: AND", ingress("x/p", "", with(pods("ns=y", "pod=a"))))
            .flow("y/a x/b tcp 80", FREE, "x/p rule 0")
            .flow("y/b x/b tcp 80", FREE, "denied by x/p")
            .flow("x/a x/b tcp 80", FREE, "denied by x/p"),
        row("separate elements: OR", ingress("x/p", "", with(pods("ns=y", ""), pods("pod=a"))))
            .flow("y/b x/b tcp 80", FREE, "x/p rule 0")
            .flow("x/a x/b tcp 80", FREE, "x/p rule 0")
            .flow("x/c x/b tcp 80", FREE, "denied by x/p"),
        row("{} means all pods, but no other address", ingress("x/p", "", with(pods("", ""))))
            .flow("z/c x/b tcp 80", FREE, "x/p rule 0")
            .flow("203.0.113.9 x/b tcp 80", FREE, "denied by x/p"),
        row("NotIn matches an absent key", ingress("x/p", "", with(pods("odd!=yes"))))
            .flow("x/b x/a tcp 80", FREE, "x/p rule 0")
            .flow("x/c x/a tcp 80", FREE, "denied by x/p"),
        row("DoesNotExist", ingress("x/p", "!odd"))
            .flow("x/a x/b tcp 80", FREE, "denied by x/p")
            .flow("x/b x/a tcp 80", FREE, FREE),
        row("In and Exists", ingress("x/p", "odd", with(pods("pod=b,c"))))
            .flow("x/b x/a tcp 80", FREE, "x/p rule 0")
            .flow("x/a x/c tcp 80", FREE, "denied by x/p")
            .flow("x/a x/b tcp 80", FREE, FREE),
        row(
                "a namespace that is not known yet has its name (faults 8)",
                ingress("x/p", "", with(pods("kubernetes.io/metadata.name=z", ""))),
                ingress("y/p", "", with(pods("ns=z", ""))),
                ingress("z/p", "", with(pods("ns!=z", ""))))
            .flow("z/a x/b tcp 80", FREE, "x/p rule 0")
            .flow("z/a y/b tcp 80", FREE, "denied by y/p")
            .flow("z/a z/b tcp 80", FREE, "z/p rule 0"),
        row(
                "no peers: anybody; no peer that was understood: nobody",
                ingress("x/p", "", on(port("tcp 80")), allow(List.of(), port("tcp 81"))))
            .flow("203.0.113.9 x/b tcp 80", FREE, "x/p rule 0")
            .flow("x/a x/b tcp 81", FREE, "denied by x/p"));
  }

  static Stream<Row> blocks() {
    return Stream.of(
        row("ipBlock", ingress("x/p", "", with(block("203.0.113.0/24"))))
            .flow("203.0.113.9 x/b tcp 80", FREE, "x/p rule 0")
            .flow("203.0.114.9 x/b tcp 80", FREE, "denied by x/p"),
        row(
                "an ipBlock-only peer is not widened to its namespace (policy 13, faults 33)",
                ingress("x/p", "", with(block("203.0.113.9/32"))))
            .flow("203.0.113.9 x/b tcp 80", FREE, "x/p rule 0")
            .flow("x/a x/b tcp 80", FREE, "denied by x/p")
            .flow("y/a x/b tcp 80", FREE, "denied by x/p"),
        row("ipBlock matches pods, too", egress("x/p", "", with(block("10.0.2.0/24"))))
            .flow("x/a y/b tcp 80", "x/p rule 0", FREE)
            .flow("x/a z/b tcp 80", "denied by x/p", FREE),
        row(
                "except subtracts within its block",
                ingress("x/p", "", with(block("203.0.113.0/24", "203.0.113.8/29"))))
            .flow("203.0.113.7 x/b tcp 80", FREE, "x/p rule 0")
            .flow("203.0.113.9 x/b tcp 80", FREE, "denied by x/p"),
        row(
                "another block of the rule allows it again",
                ingress(
                    "x/p", "", with(block("203.0.113.0/24", "203.0.113.8/29"), block("0.0.0.0/0"))))
            .flow("203.0.113.9 x/b tcp 80", FREE, "x/p rule 0"),
        row(
                "another rule allows it again",
                ingress(
                    "x/p",
                    "",
                    with(block("203.0.113.0/24", "203.0.113.8/29")),
                    with(block("203.0.113.9/32"))))
            .flow("203.0.113.9 x/b tcp 80", FREE, "x/p rule 1")
            .flow("203.0.113.10 x/b tcp 80", FREE, "denied by x/p"),
        row(
                "another policy allows it again",
                ingress("x/p", "", with(block("203.0.113.0/24", "203.0.113.8/29"))),
                ingress("x/q", "", with(block("203.0.113.8/29"))))
            .flow("203.0.113.9 x/b tcp 80", FREE, "x/q rule 0"),
        row(
                "a pod in the hole is allowed by its labels",
                ingress("x/p", "", with(block("10.0.0.0/8", "10.0.2.0/24"), pods("ns=y", "pod=b"))))
            .flow("y/b x/b tcp 80", FREE, "x/p rule 0")
            .flow("y/c x/b tcp 80", FREE, "denied by x/p"));
  }

  static Stream<Row> ports() {
    return Stream.of(
        row("a number", ingress("x/p", "", on(port("tcp 80"))))
            .flow("y/a x/b tcp 80", FREE, "x/p rule 0")
            .flow("y/a x/b tcp 81", FREE, "denied by x/p")
            .flow("y/a x/b udp 80", FREE, "denied by x/p"),
        row("no number: every port of the protocol", ingress("x/p", "", on(port("udp"))))
            .flow("y/a x/b udp 0", FREE, "x/p rule 0")
            .flow("y/a x/b udp 65535", FREE, "x/p rule 0")
            .flow("y/a x/b tcp 80", FREE, "denied by x/p"),
        row("endPort is inclusive", ingress("x/p", "", on(port("tcp 80-82"))))
            .flow("y/a x/b tcp 79", FREE, "denied by x/p")
            .flow("y/a x/b tcp 80", FREE, "x/p rule 0")
            .flow("y/a x/b tcp 82", FREE, "x/p rule 0")
            .flow("y/a x/b tcp 83", FREE, "denied by x/p"),
        row("SCTP only isolates and never matches TCP", ingress("x/p", "", on(port("sctp 80"))))
            .flow("y/a x/b sctp 80", FREE, "x/p rule 0")
            .flow("y/a x/b tcp 80", FREE, "denied by x/p"),
        row("any of several ports", ingress("x/p", "", on(port("tcp 80"), port("udp 53"))))
            .flow("y/a x/b tcp 80", FREE, "x/p rule 0")
            .flow("y/a x/b udp 53", FREE, "x/p rule 0")
            .flow("y/a x/b tcp 53", FREE, "denied by x/p"),
        row("no port that was understood: none", ingress("x/p", "", on()))
            .flow("y/a x/b tcp 80", FREE, "denied by x/p")
            .flow("y/a x/b icmp", FREE, "denied by x/p"),
        row(
                "peers and ports of one rule: AND",
                ingress(
                    "x/p",
                    "",
                    allow(List.of(pods("pod=a")), port("tcp 80")),
                    allow(List.of(pods("pod=c")), port("tcp 81"))))
            .flow("x/a x/b tcp 80", FREE, "x/p rule 0")
            .flow("x/c x/b tcp 81", FREE, "x/p rule 1")
            .flow("x/a x/b tcp 81", FREE, "denied by x/p"),
        row("a name is the destination pod's", egress("x/p", "", on(port("tcp web"))))
            .flow("x/a y/b tcp 80", "x/p rule 0", FREE)
            .flow("x/a y/b tcp 81", "denied by x/p", FREE)
            .flow("x/a y/c tcp 81", "x/p rule 0", FREE)
            .flow("x/a y/c tcp 80", "denied by x/p", FREE),
        row("a name that the pod has not means nothing", egress("x/p", "", on(port("tcp web"))))
            .flow("x/c x/a tcp 80", "denied by x/p", FREE)
            .flow("x/c x/a tcp 81", "denied by x/p", FREE),
        row("a name that nobody has means nothing", ingress("x/p", "", on(port("tcp nothing"))))
            .flow("y/a x/b tcp 80", FREE, "denied by x/p"),
        row("a name of another protocol is another", ingress("x/p", "", on(port("udp web"))))
            .flow("y/a x/b udp 80", FREE, "denied by x/p")
            .flow("y/a x/b tcp 80", FREE, "denied by x/p"),
        row("in ingress it is the selected pod's", ingress("x/p", "", on(port("tcp web"))))
            .flow("y/c x/b tcp 80", FREE, "x/p rule 0")
            .flow("y/b x/c tcp 81", FREE, "x/p rule 0"),
        row(
                "a name with an ipBlock, in and outside of pods",
                egress("x/p", "", allow(List.of(block("0.0.0.0/0")), port("tcp web"))))
            .flow("x/a y/b tcp 80", "x/p rule 0", FREE)
            .flow("x/a 203.0.113.9 tcp 80", "denied by x/p", FREE),
        row("rules with ports match no ICMP", ingress("x/p", "", on(port("tcp"), port("udp"))))
            .flow("y/a x/b icmp", FREE, "denied by x/p"),
        row("rules without ports match every protocol", ingress("x/p", "", with(pods("ns=y", ""))))
            .flow("y/a x/b icmp", FREE, "x/p rule 0")
            .flow("y/a x/b esp", FREE, "x/p rule 0"));
  }

  static Stream<Row> nodes() {
    return Stream.of(
        row(
                "the own node reaches its pods, as probes do (faults 32)",
                ingress("x/deny", ""),
                egress("y/deny", ""))
            .flow("192.0.2.1 x/b tcp 80 node", FREE, "exempt: OWN_NODE"),
        row("another node does not", ingress("x/deny", ""))
            .flow("192.0.2.2 x/b tcp 80", FREE, "denied by x/deny"),
        row(
                "by its path, not by its address: what is masqueraded looks local (policy 6)",
                ingress("x/deny", ""))
            .flow("192.0.2.1 x/b tcp 80", FREE, "denied by x/deny"),
        row("a pod to its own node is judged", egress("x/deny", ""))
            .flow("x/a 192.0.2.1 tcp 10250", "denied by x/deny", FREE),
        row(
                "host-network pods are no peers, whatever selects them (policy 7)",
                egress("x/p", "", with(pods("", ""))),
                egress("y/p", "", with(block("192.0.2.1/32"))))
            .flow("x/a 192.0.2.1 udp 53", "denied by x/p", FREE)
            .flow("y/a 192.0.2.1 udp 53", "y/p rule 0", FREE),
        row("a pod reaches itself", ingress("x/deny", ""), egress("x/deny-out", ""))
            .flow("x/a x/a tcp 80", "exempt: ITSELF", "exempt: ITSELF")
            .flow("x/a6 x/a6 udp 80", "exempt: ITSELF", "exempt: ITSELF")
            .flow("x/a x/b tcp 80", "denied by x/deny-out", "denied by x/deny"));
  }

  static Stream<Row> families() {
    return Stream.of(
        row("selectors mean every address of a pod", ingress("x/p", "", with(pods("pod=a"))))
            .flow("x/a6 x/b6 tcp 80", FREE, "x/p rule 0")
            .flow("x/c6 x/b6 tcp 80", FREE, "denied by x/p"),
        row("a rule of IPv4 isolates IPv6", ingress("x/p", "", with(block("0.0.0.0/0"))))
            .flow("y/a x/b tcp 80", FREE, "x/p rule 0")
            .flow("y/a6 x/b6 tcp 80", FREE, "denied by x/p"),
        row("and of IPv6 IPv4", egress("x/p", "", with(block("::/0"))))
            .flow("x/a6 y/a6 tcp 80", "x/p rule 0", FREE)
            .flow("x/a y/a tcp 80", "denied by x/p", FREE),
        row("named ports are found by every address", egress("x/p", "", on(port("tcp web"))))
            .flow("x/a6 y/b6 tcp 80", "x/p rule 0", FREE),
        row(
                "ICMPv6 133 to 137 pass, others do not",
                ingress("x/deny", ""),
                egress("x/deny-out", ""))
            .flow("x/a6 x/b6 icmpv6 132", "denied by x/deny-out", "denied by x/deny")
            .flow(
                "x/a6 x/b6 icmpv6 133",
                "exempt: NEIGHBOUR_DISCOVERY",
                "exempt: NEIGHBOUR_DISCOVERY")
            .flow(
                "x/a6 x/b6 icmpv6 137",
                "exempt: NEIGHBOUR_DISCOVERY",
                "exempt: NEIGHBOUR_DISCOVERY")
            .flow("x/a6 x/b6 icmpv6 138", "denied by x/deny-out", "denied by x/deny")
            .flow("x/a6 x/b6 icmpv6 128", "denied by x/deny-out", "denied by x/deny")
            .flow("x/a6 x/b6 tcp 135", "denied by x/deny-out", "denied by x/deny"));
  }

  @ParameterizedTest
  @MethodSource({"isolation", "peers", "blocks", "ports", "nodes", "families"})
  void judges(Row row) {
    PolicyEvaluator evaluator = new PolicyEvaluator(new NinePods(row.policies));
    List<String> judged = new ArrayList<>();
    for (String expected : row.flows) {
      String flow = expected.substring(0, expected.indexOf(": "));
      Decision decision = evaluator.evaluate(NinePods.flow(flow));
      judged.add(flow + ": " + text(decision.egress()) + " | " + text(decision.ingress()));
      assertThat(decision.isAllowed()).isEqualTo(!expected.contains("denied"));
    }
    assertThat(judged).isEqualTo(row.flows);
  }

  private static String text(Judgement judgement) {
    return switch (judgement) {
      case Judgement.NotIsolated _ -> FREE;
      case Judgement.Exempt exempt -> "exempt: " + exempt.reason();
      case Judgement.Allowed allowed -> allowed.policy() + " rule " + allowed.rule();
      case Judgement.Denied denied ->
          "denied by "
              + String.join(", ", denied.policies().stream().map(Object::toString).toList());
    };
  }
}
