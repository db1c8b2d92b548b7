package io.fairlead.nftables.policy;

import static io.fairlead.dataplane.model.PolicyDirection.EGRESS;
import static io.fairlead.dataplane.model.PolicyDirection.INGRESS;
import static io.fairlead.dataplane.model.Protocol.SCTP;
import static io.fairlead.dataplane.model.Protocol.TCP;
import static io.fairlead.dataplane.model.Protocol.UDP;
import static io.fairlead.nftables.policy.Cluster.block;
import static io.fairlead.nftables.policy.Cluster.key;
import static io.fairlead.nftables.policy.Cluster.peers;
import static io.fairlead.nftables.policy.Cluster.pods;
import static io.fairlead.nftables.policy.Cluster.ports;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.LabelSelector;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Port;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Rule;
import io.fairlead.dataplane.model.PolicyDirection;
import io.fairlead.dataplane.netlink.nftables.NfRule;
import io.fairlead.dataplane.testing.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PolicyRulesTest {

  private static PolicyRules render(PolicyDirection direction, Rule... rules) {
    List<Rule> list = List.of(rules);
    NetworkPolicyRecord policy =
        new NetworkPolicyRecord(
            key("default/web"),
            LabelSelector.EVERYTHING,
            direction == INGRESS ? list : null,
            direction == EGRESS ? list : null);
    return PolicyRules.of(direction, policy);
  }

  /** The rules, with the hashes in names replaced by numbers in the order of their appearance. */
  private static String text(PolicyRules rules) {
    String text = rules.rules().stream().map(NfRule::text).collect(Collectors.joining("\n"));
    List<String> hashes = new ArrayList<>();
    return java.util.regex.Pattern.compile("[0-9a-f]{16}")
        .matcher(text)
        .replaceAll(match -> {
          if (!hashes.contains(match.group())) {
            hashes.add(match.group());
          }
          return String.valueOf(hashes.indexOf(match.group()) + 1);
        });
  }

  private static String ingress(Rule... rules) {
    return text(render(INGRESS, rules));
  }

  private static String egress(Rule... rules) {
    return text(render(EGRESS, rules));
  }

  @Test
  void peersAreLookedUpInBothFamilies() {
    assertThat(ingress(peers(pods("app=web"), pods("team=a", ""))))
        .isEqualTo(
            """
            ip saddr @pods-1-ipv4 counter name "ingress-default/web" accept comment "ingress[0]"
            ip saddr @pods-2-ipv4 counter name "ingress-default/web" accept comment "ingress[0]"
            meta nfproto ipv4 return comment "the rest is IPv6"
            ip6 saddr @pods-1-ipv6 counter name "ingress-default/web" accept comment "ingress[0]"
            ip6 saddr @pods-2-ipv6 counter name "ingress-default/web" accept comment "ingress[0]"\
            """);
    assertThat(egress(peers(pods("app=web"))))
        .isEqualTo(
            """
            ip daddr @pods-1-ipv4 counter name "egress-default/web" accept comment "egress[0]"
            ip6 daddr @pods-1-ipv6 counter name "egress-default/web" accept comment "egress[0]"\
            """);
  }

  @Test
  @DisplayName("An ipBlock alone means its addresses and nobody else (policy 13, faults 33)")
  void blocks() {
    PolicyRules rules =
        render(INGRESS, peers(block("10.0.0.0/8", "10.1.0.0/16"), block("fd00::/8")));
    assertThat(text(rules))
        .isEqualTo(
            """
            ip saddr @blocks-1-ipv4 counter name "ingress-default/web" accept comment "ingress[0]"
            ip6 saddr @blocks-2-ipv6 counter name "ingress-default/web" accept comment "ingress[0]"\
            """);
    assertThat(rules.sets()).allMatch(set -> set instanceof SharedSet.Blocks);
    assertThat(ingress(peers(block("10.0.0.0/8", "10.0.0.0/8")))).isEmpty();
  }

  @Test
  void everythingAndNothing() {
    assertThat(ingress(Rule.EVERYTHING))
        .isEqualTo("counter name \"ingress-default/web\" accept comment \"ingress[0]\"");
    assertThat(ingress()).isEmpty();
    assertThat(ingress(new Rule(List.of(), null))).isEmpty();
    assertThat(ingress(new Rule(null, List.of()))).isEmpty();
    assertThat(PolicyRules.of(INGRESS, null)).isEqualTo(PolicyRules.NONE);
  }

  @Test
  void portsAreComparedInlineOrLookedUp() {
    assertThat(ingress(ports(Port.Range.of(TCP, 80))))
        .isEqualTo(
            """
            meta l4proto tcp th dport 80 counter name "ingress-default/web" accept comment "ingress[0]"\
            """);
    assertThat(ingress(ports(new Port.Range(UDP, 5000, 5010))))
        .isEqualTo(
            """
            meta l4proto udp th dport 5000-5010 counter name "ingress-default/web" accept comment "ingress[0]"\
            """);
    assertThat(ingress(ports(Port.Range.every(SCTP))))
        .isEqualTo(
            """
            meta l4proto sctp counter name "ingress-default/web" accept comment "ingress[0]"\
            """);
    assertThat(
            egress(
                new Rule(
                    List.of(pods("app=db")),
                    List.of(
                        Port.Range.of(TCP, 5432), Port.Range.of(UDP, 53), Port.Range.of(TCP, 53)))))
        .isEqualTo(
            """
            ip daddr @pods-1-ipv4 meta l4proto . th dport @ports-2 counter name "egress-default/web" accept comment "egress[0]"
            ip6 daddr @pods-1-ipv6 meta l4proto . th dport @ports-2 counter name "egress-default/web" accept comment "egress[0]"\
            """);
  }

  @Test
  @DisplayName("Ranges that overlap or touch are one: the kernel refuses sets in which they do")
  void overlappingPorts() {
    assertThat(
            ingress(
                ports(
                    new Port.Range(TCP, 80, 90),
                    new Port.Range(TCP, 85, 100),
                    Port.Range.of(TCP, 101))))
        .startsWith("meta l4proto tcp th dport 80-101 ");
    assertThat(
            ingress(
                ports(Port.Range.every(TCP), Port.Range.of(TCP, 80), Port.Range.of(TCP, 65535))))
        .startsWith("meta l4proto tcp counter ");
  }

  @Test
  void namedPortsAreTheDestinations() {
    Rule rule =
        new Rule(
            List.of(block("192.0.2.0/24")),
            List.of(new Port.Named(TCP, "http"), Port.Range.of(TCP, 22)));
    assertThat(ingress(rule))
        .isEqualTo(
            """
            meta nfproto ipv4 meta l4proto tcp th dport 22 ip saddr @blocks-1-ipv4 counter name "ingress-default/web" accept comment "ingress[0]"
            ip saddr @blocks-1-ipv4 meta l4proto tcp ip daddr . th dport @port-2-ipv4 counter name "ingress-default/web" accept comment "ingress[0]"\
            """);
    assertThat(egress(ports(new Port.Named(UDP, "dns"))))
        .isEqualTo(
            """
            meta nfproto ipv4 meta l4proto udp ip daddr . th dport @port-1-ipv4 counter name "egress-default/web" accept comment "egress[0]"
            meta nfproto ipv6 meta l4proto udp ip6 daddr . th dport @port-1-ipv6 counter name "egress-default/web" accept comment "egress[0]"\
            """);
  }

  @Test
  void whatIsTheSameIsShared() {
    Rule first = new Rule(List.of(block("10.0.0.0/9"), block("10.128.0.0/9")), null);
    Rule second = new Rule(List.of(block("10.0.0.0/8")), null);
    assertThat(render(INGRESS, first, second).sets()).hasSize(1);
    Rule twice = peers(pods("app=web"), pods("app=web"));
    assertThat(render(INGRESS, twice).rules()).hasSize(2);
  }

  @Test
  @DisplayName("Names of any length and content name one chain each (policy 10, faults 15, 16)")
  void names() {
    String longest = "a".repeat(63) + "/" + "b".repeat(253);
    String other = "a".repeat(63) + "/" + "b".repeat(252) + "c";
    assertThat(PolicyNames.chain(INGRESS, key("default/web"))).isEqualTo("ingress-default/web");
    assertThat(List.of(longest, other, "a/x\n\"y\"", "a/x  -y-", "ä/b", "a/B", "/x"))
        .map(name -> PolicyNames.chain(EGRESS, key(name)))
        .doesNotHaveDuplicates()
        .allSatisfy(name -> assertThat(name).matches("egress-[a-z0-9.-]*/[a-z0-9.-]*_[0-9a-f]{16}"))
        .allSatisfy(name -> assertThat(name.length()).isLessThan(255));
  }

  @Test
  void mergedPortsAreTheSamePorts() {
    RandomGenerator random = Seed.generator("port ranges");
    for (int i = 0; i < 2_000; i++) {
      List<Port.Range> ranges = new ArrayList<>();
      for (int j = random.nextInt(6); j > 0; j--) {
        int first = random.nextInt(30);
        ranges.add(
            new Port.Range(random.nextBoolean() ? TCP : UDP, first, first + random.nextInt(6)));
      }
      List<Port.Range> merged = PortRanges.merged(ranges);
      for (int port = 0; port < 40; port++) {
        for (var protocol : List.of(TCP, UDP)) {
          int number = port;
          long found =
              merged.stream()
                  .filter(range -> range.protocol() == protocol)
                  .filter(range -> range.first() <= number && number <= range.last())
                  .count();
          boolean wanted =
              ranges.stream()
                  .anyMatch(range ->
                      range.protocol() == protocol
                          && range.first() <= number
                          && number <= range.last());
          assertThat(found).as("%s %s in %s", protocol, port, ranges).isEqualTo(wanted ? 1 : 0);
        }
      }
    }
  }
}
