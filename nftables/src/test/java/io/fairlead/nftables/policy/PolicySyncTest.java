package io.fairlead.nftables.policy;

import static io.fairlead.nftables.policy.Cluster.block;
import static io.fairlead.nftables.policy.Cluster.peers;
import static io.fairlead.nftables.policy.Cluster.pods;
import static io.fairlead.nftables.policy.PolicyTable.TABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Port;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Rule;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.nftables.FakeNfTables;
import io.fairlead.dataplane.netlink.nftables.NfChain;
import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfRule;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.NfTable;
import io.fairlead.dataplane.netlink.nftables.NfTransaction;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.netlink.nftables.TableSnapshot;
import io.fairlead.dataplane.netlink.nftables.expression.Fields;
import io.fairlead.dataplane.netlink.nftables.expression.RuleBuilder;
import io.fairlead.dataplane.netlink.nftables.expression.Verdict;
import io.fairlead.dataplane.testing.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What there is becomes what is wanted. */
class PolicySyncTest {

  private final FakeNfTables kernel = new FakeNfTables();
  private final Cluster cluster = new Cluster(kernel);

  @BeforeEach
  void start() throws Exception {
    cluster.namespace("default", "");
    cluster.local("default/web-1", "app=web", "10.244.1.2", "fd00:244:1::2");
    cluster.local("default/web-2", "app=web,tier=front", "10.244.1.3", "fd00:244:1::3");
    cluster.remote("default/client", "app=client", "10.244.2.2", "fd00:244:2::2");
    cluster.policy(
        "default/web",
        "app=web",
        List.of(
            new Rule(
                List.of(pods("app=client"), block("192.0.2.0/24", "192.0.2.7/32")),
                List.of(
                    Port.Range.of(Protocol.TCP, 80),
                    Port.Range.of(Protocol.UDP, 53),
                    new Port.Named(Protocol.TCP, "http")))),
        null);
    cluster.policy("default/front", "tier=front", List.of(), List.of());
    cluster.commit();
  }

  private TableSnapshot table() throws Exception {
    return kernel.dump(TABLE).orElseThrow();
  }

  private NftablesPolicies restarted() {
    return new NftablesPolicies(kernel, cluster.enforcement, Cluster.SETTINGS);
  }

  /** Everything in the table as text, in an order that does not depend on its history. */
  private List<String> content() throws Exception {
    List<String> lines = new ArrayList<>(table().toString().lines().toList());
    return lines.stream().sorted().toList();
  }

  @Test
  @DisplayName("Whatever somebody does to the table is undone, at once (policy 4, faults 18)")
  void disturbances() throws Exception {
    List<String> right = content();
    for (Function<TableSnapshot, NfTransaction> each : disturbances(table())) {
      NfTransaction disturbance = each.apply(table());
      kernel.disturb(disturbance);
      assertThat(content()).as(disturbance.toString()).isNotEqualTo(right);
      int before = kernel.committed().size();
      cluster.table.distrust();
      assertThat(cluster.commit()).as(disturbance.toString()).isNotEmpty();
      assertThat(kernel.committed()).as("one transaction").hasSize(before + 1);
      assertThat(content()).as(disturbance.toString()).isEqualTo(right);
      assertThat(restarted().commit()).isEmpty();
    }
    kernel.disturb(NfTransaction.of(new NfOperation.DeleteTable(TABLE)));
    int before = kernel.committed().size();
    cluster.table.distrust();
    cluster.commit();
    assertThat(kernel.committed()).as("one transaction").hasSize(before + 1);
    assertThat(content()).isEqualTo(right);
  }

  /** Each thing deleted or changed, as far as something else does not hold it. */
  private static List<Function<TableSnapshot, NfTransaction>> disturbances(TableSnapshot table) {
    List<Function<TableSnapshot, NfTransaction>> all = new ArrayList<>();
    for (NfChain chain : table.chains()) {
      String name = chain.name();
      NfRule accept = NfRule.of(TABLE, name, "", new RuleBuilder().verdict(Verdict.ACCEPT).build());
      all.add(_ -> NfTransaction.of(new NfOperation.InsertRule(accept, 0)));
      for (int i = 0; i < table.rules(name).size(); i++) {
        int index = i;
        all.add(now -> {
          long handle = now.rules(name).get(index).handle();
          return NfTransaction.of(new NfOperation.DeleteRule(TABLE, name, handle));
        });
      }
    }
    for (NfSet set : table.sets()) {
      for (SetElement element : table.elements(set.name())) {
        all.add(_ -> NfTransaction.of(new NfOperation.DeleteElements(set, List.of(element))));
      }
    }
    NfSet admitted = PolicySets.of(AddressFamily.IPV4).admitted();
    SetElement stranger = SharedSet.element(IpAddress.parse("10.244.1.99"));
    all.add(_ -> NfTransaction.of(new NfOperation.AddElements(admitted, List.of(stranger))));
    all.add(_ -> strays());
    return all;
  }

  private static NfTransaction strays() {
    NfRule use =
        NfRule.of(TABLE, "stray", "", new RuleBuilder().in("stray", Fields.IP_SADDR).build());
    NfRule jump =
        NfRule.of(TABLE, "egress", "", new RuleBuilder().verdict(Verdict.jump("stray")).build());
    return NfTransaction.of(
        new NfOperation.AddChain(NfChain.regular(TABLE, "stray", "")),
        new NfOperation.AddSet(NfSet.set(TABLE, "stray", "", Fields.IP_SADDR)),
        new NfOperation.AddRule(use),
        new NfOperation.InsertRule(jump, 0));
  }

  @Test
  @DisplayName("After a restart only what is different is changed (policy 8, faults 2, 3)")
  void aRestartOverAnotherState() throws Exception {
    cluster.local("default/web-3", "app=web", "10.244.1.4");
    cluster.enforcement.take();
    assertThat(restarted().commit())
        .containsExactly(
            "add element inet fairlead-policy admitted-ipv4 { 10.244.1.4 }",
            "add element inet fairlead-policy itself-ipv4 { 10.244.1.4 . 10.244.1.4 }",
            "add element inet fairlead-policy ingress-ipv4 { 10.244.1.4 : 0:1 }");
    cluster.withoutPolicy("default/front");
    assertThat(restarted().commit())
        .anyMatch(line -> line.startsWith("delete chain"))
        .noneMatch(line -> line.contains("ingress-default/web ") || line.contains(" pods-"));
    assertThat(restarted().commit()).isEmpty();
  }

  @Test
  @DisplayName("Another version's table is replaced in one transaction (faults 22)")
  void anotherVersion() throws Exception {
    List<String> right = content();
    kernel.disturb(
        NfTransaction.of(
            new NfOperation.DeleteTable(TABLE),
            new NfOperation.AddTable(NfTable.of(TABLE, "of another version")),
            new NfOperation.AddSet(NfSet.set(TABLE, "admitted-ipv4", "", Fields.IP6_SADDR))));
    int before = kernel.committed().size();
    assertThat(restarted().commit()).first().isEqualTo("delete table inet fairlead-policy");
    assertThat(kernel.committed()).hasSize(before + 1);
    assertThat(content()).isEqualTo(right);
  }

  @Test
  void otherSettingsAreTakenOver() throws Exception {
    PolicySettings settings = new PolicySettings(List.of(), 7, 1, "bridge");
    cluster.table.settings(settings);
    assertThat(cluster.table.isPending()).isTrue();
    assertThat(cluster.commit())
        .contains("delete element inet fairlead-policy pod-networks-ipv4 { 10.244.1.0/24 }")
        .contains("group 7 ")
        .contains("iifname \"bridge\"");
    cluster.table.settings(settings);
    assertThat(cluster.table.isPending()).isFalse();
  }

  @Test
  @DisplayName("10,000 cycles of pods, policies and labels leave nothing (policy 12, faults 17)")
  void churn() throws Exception {
    RandomGenerator random = Seed.generator("policy churn");
    List<String> before = content();
    for (int i = 0; i < 10_000; i++) {
      churn(random, i);
      cluster.commit();
      if (i % 1_000 == 999) {
        assertThat(cluster.table.audit()).as("after cycle %s", i).isEmpty();
      }
    }
    for (int i = 0; i < 8; i++) {
      cluster.gone("default/pod-" + i);
      cluster.withoutPolicy("default/policy-" + i);
    }
    cluster.commit();
    assertThat(content()).isEqualTo(before);
  }

  private void churn(RandomGenerator random, int cycle) {
    String pod = "default/pod-" + random.nextInt(8);
    String policy = "default/policy-" + random.nextInt(8);
    String labels = "app=" + random.nextInt(3) + ",tier=" + random.nextInt(2);
    String address = "10.244.1." + (100 + Character.digit(pod.charAt(pod.length() - 1), 10));
    switch (random.nextInt(6)) {
      case 0 -> cluster.gone(pod);
      case 1 -> cluster.local(pod, labels, address, "fd00:244:1::" + address.substring(9));
      case 2 -> cluster.remote(pod, labels, address.replace("244.1", "244.2"));
      case 3 -> cluster.withoutPolicy(policy);
      default -> {
        List<Rule> rules =
            List.of(
                new Rule(
                    List.of(
                        pods("app=" + random.nextInt(3)), block("10." + cycle % 256 + ".0.0/16")),
                    random.nextBoolean()
                        ? null
                        : List.of(
                            Port.Range.of(Protocol.TCP, random.nextInt(1, 9)),
                            Port.Range.of(Protocol.UDP, 53),
                            new Port.Named(Protocol.TCP, "p" + random.nextInt(2)))));
        cluster.policy(
            policy,
            random.nextBoolean() ? "tier=0" : "app=" + random.nextInt(3),
            random.nextInt(3) == 0 ? null : rules,
            random.nextInt(3) == 0 ? rules : null);
      }
    }
  }

  @Test
  @DisplayName("The longest and the oddest names are enforced (policy 10, faults 15, 16)")
  void names() throws Exception {
    String namespace = "n".repeat(63);
    String label = "l".repeat(63);
    cluster.local(namespace + "/" + "p".repeat(253), label + "=" + label, "10.244.1.7");
    for (String name : List.of("a".repeat(253), "a".repeat(252) + "b", "x\"\n\u0000\\y")) {
      cluster.policy(
          namespace + "/" + name,
          label + "=" + label,
          List.of(peers(pods(label + "=" + label), pods(label + "=" + label, ""))),
          List.of());
    }
    cluster.commit();
    assertThat(table().chains())
        .allSatisfy(chain -> assertThat(chain.name().length()).isLessThan(256));
    assertThat(restarted().commit()).isEmpty();
    assertThat(cluster.table.problems()).isEmpty();
  }
}
