package io.fairlead.dataplane.netlink.nftables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.netlink.nftables.expression.Fields;
import io.fairlead.dataplane.netlink.nftables.expression.RuleBuilder;
import io.fairlead.dataplane.sys.Errno;
import io.fairlead.dataplane.testing.OpenDescriptors;
import io.fairlead.dataplane.testing.TestNamespace;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NfTablesSocketKernelTest {

  private final OpenDescriptors descriptors = OpenDescriptors.now();
  private TestNamespace namespace;
  private NfTablesSocket kernel;

  @BeforeEach
  void open() throws Exception {
    namespace = TestNamespace.create("nftables-test");
    kernel = namespace.call(NfTablesSocket::open);
  }

  @AfterEach
  void close() {
    kernel.close();
    namespace.close();
    descriptors.assertNoneAdded();
  }

  @Test
  void nftListsWhatWeMadeWithNamesTypesAndComments() throws Exception {
    kernel.commit(Example.transaction());
    // nft's versions break lines differently, and newer ones print the burst that is the default.
    String listing =
        namespace
            .run("nft", "list", "ruleset")
            .replaceAll(",\\s+", ", ")
            .replace(" burst 5 packets", "");
    assertThat(listing.lines().map(String::strip))
        .contains(
            "comment \"an example\"",
            "comment \"what was refused\"",
            "typeof ip daddr . meta l4proto . th dport : verdict",
            "elements = { 10.96.0.10 . tcp . 80 : goto endpoints-2 }",
            "typeof ip daddr . meta l4proto . th dport . numgen random mod 65536"
                + " : ip daddr . th dport",
            "elements = { 10.96.0.10 . tcp . 80 . 0 : 10.244.0.2 . 8080,"
                + " 10.96.0.10 . tcp . 80 . 1 : 10.244.0.3 . 8081 }",
            "elements = { fd00::a . tcp . 80 . 0 : fd01::2 . 8080 }",
            "elements = { 10.1.1.1-10.1.1.7, 10.244.0.0/24 comment \"pods\","
                + " 10.244.1.0/24, 192.0.2.1, 240.0.0.0/4 }",
            "elements = { 80-90, 443 }",
            "elements = { 10.0.0.0/24 . 1000-2000 }",
            "elements = { 0x00004000 : 10.0.0.1 }",
            "elements = { 10.0.0.1 : \"refused\" }",
            "typeof iifname . ip saddr",
            "type nat hook prerouting priority dstnat; policy accept;",
            "type filter hook forward priority filter; policy drop;",
            "comment \"where virtual addresses end\"",
            "dnat ip to ip daddr . meta l4proto . th dport . numgen random mod 2 map @endpoints",
            "dnat ip6 to ip6 daddr . meta l4proto . th dport . numgen random mod 2 map"
                + " @endpoints6",
            "ip daddr . meta l4proto . th dport vmap @services comment \"virtual addresses\"",
            "ct status dnat ip saddr @networks ip daddr != @networks masquerade fully-random",
            "meta l4proto tcp snat ip to 192.0.2.1:1024",
            "reject",
            "ct state established,related accept",
            "update @seen { ip saddr timeout 10s }",
            "log prefix \"seen \" group 5 limit rate 10/second",
            "fib daddr type local ct original ip daddr 10.96.0.0-10.96.255.255",
            "counter name ip saddr map @counters",
            "ip daddr != 10.0.7.0/24 meta mark set 0x00000001",
            "ct mark set meta mark",
            "numgen inc mod 4 1 jump refuse",
            "notrack",
            "typeof ip daddr . meta l4proto . th dport : meta priority",
            "elements = { 10.96.0.10 . tcp . 80 : 8000:2 }",
            "meta priority set ip daddr . meta l4proto . th dport map @priorities goto refuse",
            "meta priority set none",
            "meta l4proto tcp ct original ip daddr . meta l4proto . ct original proto-dst @counted",
            "iifname \"veth*\" fib daddr type local meta mark set meta mark | 0x00004000",
            "meta mark & 0x00004000 != 0x00000000 meta mark set meta mark & 0xffffbfff",
            "meta l4proto tcp update @clients { ct original ip saddr . ct original ip daddr . meta"
                + " l4proto . ct original proto-dst timeout 1m : ct reply ip saddr . ct reply"
                + " proto-src }",
            "dnat ip to ip daddr . meta l4proto . th dport . numgen random mod 3 offset 16777216"
                + " map @endpoints");
  }

  @Test
  void aDumpGivesBackWhatWasCommitted() throws Exception {
    kernel.commit(Example.transaction());
    TableSnapshot snapshot = kernel.dump(Example.TABLE).orElseThrow();
    assertThat(snapshot.table()).isEqualTo(NfTable.of(Example.TABLE, "an example"));
    assertThat(snapshot.chains()).containsExactlyInAnyOrderElementsOf(Example.chains());
    assertThat(snapshot.sets()).containsExactlyInAnyOrderElementsOf(Example.SETS);
    assertThat(snapshot.counters()).containsExactly(Example.COUNTER);
    for (NfChain chain : Example.chains()) {
      List<NfRule> expected =
          Example.rules().stream().filter(rule -> rule.chain().equals(chain.name())).toList();
      List<NfRule> actual = snapshot.rules(chain.name());
      assertThat(actual.stream().map(NfRule::expressions))
          .isEqualTo(expected.stream().map(NfRule::expressions).toList());
      assertThat(actual.stream().map(NfRule::text))
          .isEqualTo(expected.stream().map(NfRule::text).toList());
      assertThat(actual.stream().map(NfRule::fingerprint))
          .isEqualTo(expected.stream().map(NfRule::fingerprint).toList());
    }
    for (NfOperation operation : Example.elements()) {
      if (operation instanceof NfOperation.AddElements add) {
        // Packets change dynamic sets: they are not part of a snapshot.
        assertThat(
                add.set().dynamic()
                    ? kernel.elements(add.set())
                    : snapshot.elements(add.set().name()))
            .containsExactlyInAnyOrderElementsOf(add.elements());
      }
    }
  }

  @Test
  void elementsCountWhatTheyAreFoundFor() throws Exception {
    TableName table = TableName.inet("counting");
    NfSet destinations = NfSet.set(table, "destinations", "", Fields.IP_DADDR).withCounters();
    NfChain chain =
        new NfChain(
            table, "out", NfChain.Hook.accepting(NfChain.Type.FILTER, NfChain.Point.OUTPUT, 0), "");
    RuleBuilder lookup =
        new RuleBuilder().family(AddressFamily.IPV4).in("destinations", Fields.IP_DADDR);
    SetElement one = SetElement.of(Example.address("127.0.0.2"));
    SetElement other = SetElement.of(Example.address("127.0.0.3"));
    kernel.commit(
        NfTransaction.of(
            new NfOperation.AddTable(NfTable.of(table, "")),
            new NfOperation.AddSet(destinations),
            new NfOperation.AddChain(chain),
            new NfOperation.AddElements(destinations, List.of(one, other)),
            new NfOperation.AddRule(NfRule.of(table, "out", "", lookup.build()))));
    namespace.run("ip", "link", "set", "lo", "up");
    namespace.call(() -> {
      try (var socket = new java.net.DatagramSocket()) {
        var loopback = java.net.InetAddress.ofLiteral("127.0.0.2");
        socket.send(new java.net.DatagramPacket(new byte[72], 72, loopback, 9));
      }
      return true;
    });
    assertThat(kernel.counters(destinations))
        .containsExactlyInAnyOrder(
            new ElementCounter(one.key(), 1, 100), new ElementCounter(other.key(), 0, 0));
    // What was counted is no part of what is there.
    assertThat(kernel.dump(table).orElseThrow().elements("destinations"))
        .containsExactlyInAnyOrder(one, other);
  }

  @Test
  void elementsOfEveryKindOfSetCanBeTakenAway() throws Exception {
    kernel.commit(Example.transaction());
    NfTransaction removal = new NfTransaction();
    for (NfOperation operation : Example.elements()) {
      if (operation instanceof NfOperation.AddElements add) {
        removal.add(new NfOperation.DeleteElements(add.set(), add.elements()));
      }
    }
    kernel.commit(removal);
    for (NfSet set : Example.SETS) {
      assertThat(kernel.elements(set)).as(set.name()).isEmpty();
    }
  }

  @Test
  void anElementIsReplacedWithinOneTransaction() throws Exception {
    kernel.commit(Example.transaction());
    SetElement before = Example.endpoint("10.96.0.10", 80, 1, "10.244.0.3", 8081);
    SetElement after = Example.endpoint("10.96.0.10", 80, 1, "10.244.9.9", 9);
    kernel.commit(
        NfTransaction.of(
            new NfOperation.DeleteElements(Example.ENDPOINTS, List.of(before)),
            new NfOperation.AddElements(Example.ENDPOINTS, List.of(after))));
    assertThat(kernel.elements(Example.ENDPOINTS)).contains(after).doesNotContain(before);
  }

  @Test
  void aRefusedOperationUndoesAllAndIsNamed() throws Exception {
    kernel.commit(Example.transaction());
    long generation = kernel.generation();
    NfTransaction transaction =
        NfTransaction.of(
            new NfOperation.DeleteElements(
                Example.SERVICES, List.of(Example.service("10.96.0.10", 80, 2))),
            new NfOperation.AddElements(
                Example.SERVICES, List.of(Example.service("10.96.0.11", 80, 77))),
            new NfOperation.DeleteChain(Example.TABLE, "no-such-chain"));
    assertThatExceptionOfType(NetlinkException.class)
        .isThrownBy(() -> kernel.commit(transaction))
        .matches(NetlinkException::isNotFound)
        .withMessageStartingWith(
            "add element inet example services { 10.96.0.11 . tcp . 80 : goto endpoints-77 }:"
                + " ENOENT")
        .satisfies(e ->
            assertThat(e.getSuppressed())
                .singleElement()
                .asString()
                .contains("delete chain inet example no-such-chain: ENOENT"));
    assertThat(kernel.generation()).isEqualTo(generation);
    assertThat(kernel.elements(Example.SERVICES)).hasSize(1);
  }

  @Test
  void aChangeMeantForAnotherStateIsRefused() throws Exception {
    long generation = kernel.generation();
    kernel.commit(Example.transaction(), generation);
    NfTransaction late = NfTransaction.of(new NfOperation.FlushChain(Example.TABLE, "filter"));
    assertThatExceptionOfType(NetlinkException.class)
        .isThrownBy(() -> kernel.commit(late, generation))
        .matches(e -> e.errno() == Errno.ERESTART);
    assertThat(kernel.generation()).isEqualTo(generation + 1);
  }

  @Test
  void manyElementsTravelInOneTransaction() throws Exception {
    kernel.commit(Example.transaction());
    List<SetElement> many = new ArrayList<>();
    for (int i = 0; i < 70_000; i++) {
      many.add(
          Example.endpoint(
              "10.97." + (i >> 8 & 255) + "." + (i & 255), 80, i >> 16, "10.1.1.1", 1));
    }
    long before = System.nanoTime();
    kernel.commit(NfTransaction.of(new NfOperation.AddElements(Example.ENDPOINTS, many)));
    System.out.printf("70,000 elements in %d ms%n", (System.nanoTime() - before) / 1_000_000);
    assertThat(kernel.elements(Example.ENDPOINTS)).hasSize(70_002);
  }
}
