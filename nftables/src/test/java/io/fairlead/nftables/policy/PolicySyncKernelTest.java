package io.fairlead.nftables.policy;

import static io.fairlead.nftables.policy.Cluster.block;
import static io.fairlead.nftables.policy.Cluster.peers;
import static io.fairlead.nftables.policy.Cluster.pods;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.NetworkPolicyRecord.Peer;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Port;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Rule;
import io.fairlead.dataplane.model.PodRecord.ContainerPort;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.netlink.nftables.TableSnapshot;
import io.fairlead.dataplane.testing.OpenDescriptors;
import io.fairlead.dataplane.testing.Seed;
import io.fairlead.dataplane.testing.TestNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table in a real kernel, and what nft says of it. */
class PolicySyncKernelTest {

  private final OpenDescriptors descriptors = OpenDescriptors.now();
  private TestNamespace node;
  private NfTablesSocket kernel;
  private Cluster cluster;

  @BeforeEach
  void open() throws Exception {
    node = TestNamespace.create("node");
    kernel = node.call(NfTablesSocket::open);
    cluster = new Cluster(kernel);
    cluster.namespace("default", "");
    cluster.namespace("monitoring", "team=ops");
    cluster.pod(
        "default/web-1",
        "app=web",
        Cluster.NODE,
        List.of(new ContainerPort("metrics", Protocol.TCP, 9100)),
        "10.244.1.2",
        "fd00:244:1::2");
    cluster.remote("default/client", "app=client", "10.244.2.2", "fd00:244:2::2");
    cluster.remote("monitoring/scraper", "", "10.244.3.3", "fd00:244:3::3");
    cluster.policy(
        "default/web",
        "app=web",
        List.of(
            new Rule(
                List.of(pods("app=client")),
                List.of(Port.Range.of(Protocol.TCP, 80), Port.Range.of(Protocol.TCP, 443))),
            new Rule(
                List.of(pods("team=ops", "")), List.of(new Port.Named(Protocol.TCP, "metrics"))),
            peers(block("192.0.2.0/24", "192.0.2.64/26"))),
        List.of(
            new Rule(
                null, List.of(Port.Range.of(Protocol.UDP, 53), Port.Range.of(Protocol.TCP, 53))),
            new Rule(
                List.of(block("2001:db8::/32")),
                List.of(new Port.Range(Protocol.TCP, 8000, 8999)))));
    cluster.commit();
  }

  @AfterEach
  void close() throws Exception {
    kernel.close();
    node.close();
    descriptors.assertNoneAdded();
  }

  private TableSnapshot table() throws Exception {
    return kernel.dump(NftablesPolicies.table()).orElseThrow();
  }

  private List<String> content() throws Exception {
    return kernel
        .dump(NftablesPolicies.table())
        .map(TableSnapshot::toString)
        .orElse("")
        .lines()
        .sorted()
        .toList();
  }

  private String listing() {
    return node.run("nft", "list", "table", "inet", "fairlead-policy");
  }

  @Test
  @DisplayName("A restart changes nothing (policy 8, faults 2, 3)")
  void restart() throws Exception {
    long generation = kernel.generation();
    NftablesPolicies restarted =
        new NftablesPolicies(kernel, cluster.enforcement, Cluster.SETTINGS);
    assertThat(restarted.commit()).isEmpty();
    assertThat(restarted.audit()).isEmpty();
    assertThat(kernel.generation()).isEqualTo(generation);
    assertThat(NftablesPolicies.cleanup(kernel)).isTrue();
    assertThat(node.run("nft", "list", "tables")).isEmpty();
  }

  @Test
  @DisplayName(
      "Policies do not wait for the xtables lock, which others hold for minutes (policy 2)")
  void xtablesLock() throws Exception {
    Process holder =
        node.start(List.of("flock", "/run/xtables.lock", "sh", "-c", "echo held; exec sleep 60"));
    try {
      assertThat(holder.inputReader().readLine()).isEqualTo("held");
      assertThat(node.tryRun("flock", "-n", "/run/xtables.lock", "true").exit()).isEqualTo(1);
      cluster.policy("default/other", "app=web", List.of(Rule.EVERYTHING), null);
      assertThat(cluster.commit()).isNotEmpty();
      assertThat(listing()).contains("chain ingress-default/other");
    } finally {
      holder.destroyForcibly().waitFor();
    }
  }

  @Test
  void nftReadsWhatItLists(@TempDir Path folder) throws Exception {
    String listing = listing();
    assertThat(listing)
        .contains("ip saddr @pods-")
        .contains("meta l4proto . th dport @ports-")
        .contains("ip daddr . tcp dport @port-")
        .contains("counter name \"ingress-default/web\" accept comment \"ingress[2]\"")
        .contains("tcp dport 8000-8999 ip6 daddr @blocks-")
        .contains("jump ingress-default/web")
        .contains("elements = { 192.0.2.0/26, 192.0.2.128/25 }")
        .contains("elements = { tcp . 80")
        .contains("log prefix \"fairlead egress\" group 100 snaplen 128")
        .contains("meta skuid != 4294967295 accept")
        .contains("icmpv6 type 133-137 accept")
        .contains("icmpv6 type mld2-listener-report ip6 daddr ff02::/16 accept");
    Path file = Files.writeString(folder.resolve("listing"), "flush ruleset\n" + listing);
    node.run("nft", "-f", file.toString());
    assertThat(listing()).isEqualTo(listing);
  }

  @Test
  @DisplayName("What others do to the table is undone (policy 3, policy 4, faults 18, faults 19)")
  void disturbances() throws Exception {
    List<String> right = content();
    for (String command :
        List.of(
            "flush ruleset",
            "delete table inet fairlead-policy",
            "flush table inet fairlead-policy",
            "flush chain inet fairlead-policy ingress-default/web",
            "flush chain inet fairlead-policy forward-ingress",
            "insert rule inet fairlead-policy forward-ingress accept",
            "delete element inet fairlead-policy ingress-ipv4 { 10.244.1.2 }",
            "add element inet fairlead-policy admitted-ipv4 { 10.244.1.9 }",
            "flush set inet fairlead-policy ports-" + hash("ports-"),
            "flush map inet fairlead-policy ingress-chains",
            "add chain inet fairlead-policy stray { type filter hook forward priority 0; }",
            "add table inet fairlead-policy { flags dormant; }")) {
      String[] words = ("nft " + command).split(" ", -1);
      node.run(words);
      assertThat(content()).as(command).isNotEqualTo(right);
      long before = kernel.generation();
      cluster.table.distrust();
      assertThat(cluster.commit()).as(command).isNotEmpty();
      assertThat(kernel.generation()).as("%s: one transaction", command).isEqualTo(before + 1);
      assertThat(content()).as(command).isEqualTo(right);
      assertThat(cluster.table.audit()).isEmpty();
    }
  }

  @Test
  @DisplayName("chains and sets that a foreign rule uses are removed all the same (faults 23)")
  void inUse() throws Exception {
    List<String> right = content();
    List<String> sets = setNames();
    cluster.policy(
        "default/used",
        "app=web",
        List.of(
            new Rule(
                List.of(block("198.51.100.0/24")),
                List.of(Port.Range.of(Protocol.UDP, 5), Port.Range.of(Protocol.UDP, 7)))),
        null);
    cluster.commit();
    List<String> added = new ArrayList<>(setNames());
    added.removeAll(sets);
    String set = added.stream().filter(name -> name.startsWith("blocks-")).findAny().orElseThrow();
    node.run("nft", "add chain inet fairlead-policy stray");
    node.run("nft", "add rule inet fairlead-policy stray ip saddr @" + set + " drop");
    node.run("nft", "add rule inet fairlead-policy stray jump ingress-default/used");
    cluster.withoutPolicy("default/used");
    int refusals = 0;
    while (!content().equals(right)) {
      assertThat(refusals).as("one refusal is enough to look again").isLessThan(2);
      try {
        cluster.commit();
        cluster.table.distrust(); // What the watch of the table tells, if no refusal has.
        cluster.commit();
      } catch (IOException e) {
        refusals++;
        assertThat(e).hasMessageContaining("EBUSY");
      }
    }
    assertThat(cluster.table.problems()).isEmpty();
    assertThat(cluster.table.audit()).isEmpty();
  }

  private List<String> setNames() throws Exception {
    return table().sets().stream().map(each -> each.name()).toList();
  }

  /** What follows the prefix in the name of the only set that begins so. */
  private String hash(String prefix) throws Exception {
    return table().sets().stream()
        .map(set -> set.name())
        .filter(name -> name.startsWith(prefix))
        .findAny()
        .orElseThrow()
        .substring(prefix.length());
  }

  @Test
  void countersSurviveAnotherContentOfTheirPolicy() throws Exception {
    node.run("nft", "reset", "counters", "table", "inet", "fairlead-policy");
    String handle = node.run("nft", "-a", "list", "counter", "inet", "fairlead-policy", "shut-in");
    var key =
        new PolicyCounters.Key(
            Cluster.key("default/web"), io.fairlead.dataplane.model.PolicyDirection.INGRESS);
    List<String> before = counters();
    cluster.policy("default/web", "app=web", List.of(Rule.EVERYTHING), List.of());
    assertThat(cluster.commit()).doesNotContain("counter inet");
    assertThat(counters()).isEqualTo(before);
    assertThat(cluster.table.counters().allowed()).containsEntry(key, 0L);
    assertThat(handle).contains("shut-in");
  }

  private List<String> counters() throws Exception {
    return table().counters().stream().map(counter -> counter.name()).sorted().toList();
  }

  @Test
  void aThousandBlocks() throws Exception {
    Peer[] blocks =
        IntStream.range(0, 1_000)
            .mapToObj(i -> block("10." + i / 250 + "." + i % 250 + ".0/24", "10.0.0.0/30"))
            .toArray(Peer[]::new);
    cluster.policy("default/many", "app=web", List.of(peers(blocks)), null);
    cluster.commit();
    assertThat(cluster.table.problems()).isEmpty();
    assertThat(listing()).contains("10.0.0.4-10.0.249.255, 10.1.0.0-10.1.249.255,");
    assertThat(cluster.table.audit()).isEmpty();
    cluster.withoutPolicy("default/many");
    cluster.commit();
    assertThat(listing()).doesNotContain("10.1.249.255");
  }

  @Test
  @DisplayName("The longest and the oddest names are taken (policy 10, faults 15, faults 16)")
  void names() throws Exception {
    String namespace = "n".repeat(63);
    String label = "l".repeat(63);
    cluster.local(namespace + "/" + "p".repeat(253), label + "=" + label, "10.244.1.7");
    for (String name : List.of("a".repeat(253), "a".repeat(252) + "b", "x\"\n\u0000\\y", "ä€😀")) {
      cluster.policy(
          namespace + "/" + name,
          label + "=" + label,
          List.of(
              peers(pods(label + "=" + label), pods(label + "=" + label, "a=b")),
              Cluster.ports(new Port.Named(Protocol.TCP, "ä\n\"€"))),
          List.of());
    }
    cluster.commit();
    assertThat(cluster.table.problems()).isEmpty();
    assertThat(cluster.table.audit()).isEmpty();
    assertThat(listing()).contains("jump ingress-" + "n".repeat(40) + "/" + "a".repeat(60) + "_");
  }

  @Test
  @DisplayName("Cycles of pods, policies and labels leave nothing in the kernel (policy 12)")
  void churn() throws Exception {
    RandomGenerator random = Seed.generator("kernel churn");
    List<String> before = content();
    for (int i = 0; i < 300; i++) {
      int n = random.nextInt(5);
      String labels = "app=" + random.nextInt(3);
      switch (random.nextInt(5)) {
        case 0 -> cluster.gone("default/pod-" + n);
        case 1 ->
            cluster.local(
                "default/pod-" + n, labels, "10.244.1." + (100 + n), "fd00:244:1::" + (100 + n));
        case 2 -> cluster.withoutPolicy("default/policy-" + n);
        default -> {
          List<Peer> some = new ArrayList<>(List.of(pods("app=" + random.nextInt(3))));
          some.add(block("10." + i % 256 + ".0.0/16"));
          cluster.policy(
              "default/policy-" + n,
              labels,
              List.of(peers(some.toArray(Peer[]::new))),
              random.nextBoolean() ? null : List.of(Cluster.ports(Port.Range.of(Protocol.UDP, n))));
        }
      }
      cluster.commit();
      if (i % 50 == 49) {
        assertThat(cluster.table.audit()).as("after cycle %s", i).isEmpty();
      }
    }
    for (int n = 0; n < 5; n++) {
      cluster.gone("default/pod-" + n);
      cluster.withoutPolicy("default/policy-" + n);
    }
    cluster.commit();
    assertThat(content()).isEqualTo(before);
  }
}
