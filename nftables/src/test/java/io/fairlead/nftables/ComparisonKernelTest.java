package io.fairlead.nftables;

import static io.fairlead.dataplane.model.Protocol.UDP;
import static io.fairlead.nftables.Samples.key;
import static io.fairlead.nftables.Samples.service;
import static io.fairlead.nftables.Samples.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.evidence.Comparison;
import io.fairlead.dataplane.evidence.Difference;
import io.fairlead.dataplane.evidence.Difference.Kind;
import io.fairlead.dataplane.evidence.ForeignHook;
import io.fairlead.dataplane.evidence.ForeignHooks;
import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfRule;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.netlink.nftables.NfTransaction;
import io.fairlead.dataplane.testing.OpenDescriptors;
import io.fairlead.dataplane.testing.TestNamespace;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What differs in a real kernel's table is told, exactly, and nothing is changed. */
class ComparisonKernelTest {

  private final OpenDescriptors descriptors = OpenDescriptors.now();
  private TestNamespace node;
  private NfTablesSocket kernel;
  private ServiceTable services;

  @BeforeEach
  void open() throws Exception {
    node = TestNamespace.create("node");
    kernel = node.call(NfTablesSocket::open);
    services = new ServiceTable(kernel);
    services.update(key("web"), tcp("web", "10.96.0.10:80", "10.244.1.3:8080", "10.244.2.3:8080"));
    services.update(key("dns"), service("dns", UDP, "10.96.0.11:53", "10.244.1.4:53"));
    services.update(key("empty"), tcp("empty", "[fd00:96::a]:80"));
    services.commit();
  }

  @AfterEach
  void close() {
    kernel.close();
    node.close();
    descriptors.assertNoneAdded();
  }

  private Comparison compare() throws Exception {
    long generation = kernel.generation();
    Comparison result =
        services.backend.compare(services.claims, Samples.NETWORK, ServiceTable.SETTINGS);
    assertThat(kernel.generation()).as("nothing is committed").isEqualTo(generation);
    return result;
  }

  private void mendsAll() throws Exception {
    assertThat(services.audit()).isNotEmpty();
    assertThat(compare().differences()).isEmpty();
  }

  @Test
  void aRightTableIsClean() throws Exception {
    Comparison result = compare();
    assertThat(result.differences()).isEmpty();
    assertThat(result.right().get("rules")).isGreaterThan(20);
    assertThat(result.right().get("elements")).isGreaterThan(5);
    services.update(key("dns"), java.util.Optional.empty());
    services.update(key("web"), tcp("web", "10.96.0.10:80", "10.244.2.3:8080"));
    services.commit();
    assertThat(compare().differences()).isEmpty();
  }

  @Test
  void elementsAndMapValues() throws Exception {
    node.run("nft", "delete element inet fairlead service-ipv4 { 10.96.0.11 . udp . 53 }");
    node.run("nft", "add element inet fairlead cluster-ip-ipv4 { 10.96.0.99 }");
    node.run("nft", "delete element inet fairlead endpoint-ipv4 { 10.96.0.11 . udp . 53 . 0 }");
    node.run(
        "nft",
        "add element inet fairlead endpoint-ipv4 { 10.96.0.11 . udp . 53 . 0 : 192.0.2.9 . 53 }");
    List<Difference> differences = compare().differences();
    assertThat(differences).hasSize(3);
    assertThat(differences.get(0))
        .isEqualTo(
            Difference.different(
                "map inet fairlead endpoint-ipv4",
                "10.96.0.11 . udp . 53 . 0 : 10.244.1.4 . 53",
                "10.96.0.11 . udp . 53 . 0 : 192.0.2.9 . 53"));
    assertThat(differences.get(1).kind()).isEqualTo(Kind.MISSING);
    assertThat(differences.get(1).place()).isEqualTo("map inet fairlead service-ipv4");
    assertThat(differences.get(1).wanted()).startsWith("10.96.0.11 . udp . 53 : ");
    assertThat(differences.get(2))
        .isEqualTo(Difference.extra("set inet fairlead cluster-ip-ipv4", "10.96.0.99"));
    mendsAll();
  }

  @Test
  void rules() throws Exception {
    List<NfRule> rules = kernel.rules(NftablesServices.table(), "filter-forward");
    assertThat(rules).hasSizeGreaterThan(3);
    NfRule gone = rules.get(1);
    kernel.commit(
        NfTransaction.of(new NfOperation.DeleteRule(gone.table(), gone.chain(), gone.handle())));
    node.run("nft", "insert rule inet fairlead refusals counter accept");
    assertThat(compare().differences())
        .containsExactly(
            Difference.missing("chain inet fairlead filter-forward", gone.text()),
            Difference.extra("chain inet fairlead refusals", "counter accept"));
    mendsAll();
  }

  @Test
  void chainsSetsAndTheWholeTable() throws Exception {
    node.run("nft", "add chain inet fairlead mine");
    node.run("nft", "add set inet fairlead yours { type ipv4_addr; }");
    assertThat(compare().differences())
        .extracting(Difference::kind)
        .containsExactly(Kind.EXTRA, Kind.EXTRA);
    mendsAll();
    node.run("nft", "delete table inet fairlead");
    assertThat(compare().differences())
        .singleElement()
        .satisfies(one -> assertThat(one.kind()).isEqualTo(Kind.MISSING))
        .satisfies(one -> assertThat(one.place()).isEqualTo("table inet fairlead"));
    mendsAll();
  }

  @Test
  void otherServicesAreComparedWithTheKernelAsItIs() throws Exception {
    ServiceTable other = new ServiceTable(kernel);
    other.update(key("web"), tcp("web", "10.96.0.10:80", "10.244.1.3:8080", "10.244.2.3:8080"));
    other.update(key("empty"), tcp("empty", "[fd00:96::a]:80"));
    Comparison result =
        services.backend.compare(other.claims, Samples.NETWORK, ServiceTable.SETTINGS);
    assertThat(result.differences())
        .isNotEmpty()
        .allSatisfy(one -> assertThat(one.kind()).isEqualTo(Kind.EXTRA))
        .anySatisfy(one -> assertThat(one.place()).isEqualTo("map inet fairlead service-ipv4"));
    assertThat(compare().differences()).isEmpty();
  }

  @Test
  void chainsOfOthersAtTheSameHooks() throws Exception {
    assertThat(ForeignHooks.of(kernel)).isEmpty();
    node.run("nft", "add table inet firewalld");
    node.run(
        "nft",
        "add chain inet firewalld filter_FORWARD"
            + " { type filter hook forward priority filter + 10; policy drop; }");
    node.run("nft", "add table ip raw-stuff");
    node.run(
        "nft",
        "add chain ip raw-stuff early { type filter hook prerouting priority -300; policy accept;"
            + " }");
    node.run("nft", "add rule ip raw-stuff early notrack");
    node.run("nft", "add table ip harmless");
    node.run(
        "nft",
        "add chain ip harmless late { type filter hook postrouting priority 300; policy accept; }");
    node.run("nft", "add rule ip harmless late counter");
    node.run("nft", "add chain ip harmless idle { type filter hook forward priority -10; }");
    List<ForeignHook> hooks = ForeignHooks.of(kernel);
    assertThat(hooks)
        .extracting(ForeignHook::program, ForeignHook::table, ForeignHook::hook)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("firewalld", "inet firewalld", "forward"),
            org.assertj.core.groups.Tuple.tuple("", "ip raw-stuff", "prerouting"));
    assertThat(hooks.getFirst().policy()).isEqualTo("drop");
    assertThat(hooks.getFirst().effect()).contains("drops forwarded packets");
    assertThat(hooks.getLast().priority()).isEqualTo(-300);
    assertThat(hooks.getLast().effect()).contains("before connections are tracked");
  }
}
