package io.fairlead.nftables;

import static io.fairlead.nftables.Samples.NETWORK;
import static io.fairlead.nftables.Samples.key;
import static io.fairlead.nftables.Samples.tcp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.netlink.nftables.FakeNfTables;
import io.fairlead.dataplane.netlink.nftables.NfChain;
import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfRule;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.NfTable;
import io.fairlead.dataplane.netlink.nftables.NfTransaction;
import io.fairlead.dataplane.netlink.nftables.TableName;
import io.fairlead.dataplane.netlink.nftables.expression.Fields;
import io.fairlead.dataplane.netlink.nftables.expression.RuleBuilder;
import io.fairlead.dataplane.netlink.nftables.expression.Verdict;
import io.fairlead.dataplane.sys.Errno;
import io.fairlead.dataplane.testing.Seed;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class NftablesServicesTest {

  private final FakeNfTables kernel = new FakeNfTables();
  private final ServiceTable services = new ServiceTable(kernel);

  private String commit() throws IOException {
    return String.join("\n", services.commit());
  }

  private ServiceTable restarted() {
    return new ServiceTable(kernel);
  }

  @Test
  void aServiceIsAFewElements() throws Exception {
    services.commit();
    services.update(key("web"), tcp("web", "10.96.0.10:80", "10.244.1.2:8080", "10.244.2.2:8080"));
    assertThat(commit())
        .isEqualTo(
            """
            add chain inet fairlead endpoints-2
            add rule inet fairlead endpoints-2 meta priority set none
            add rule inet fairlead endpoints-2 dnat ip to ip daddr . meta l4proto . th dport . numgen random mod 2 map @endpoint-ipv4
            add rule inet fairlead endpoints-2 dnat ip6 to ip6 daddr . meta l4proto . th dport . numgen random mod 2 map @endpoint-ipv6
            add element inet fairlead connection-ipv4 { 10.96.0.10 . tcp . 80 }
            add element inet fairlead traffic-ipv4 { 10.96.0.10 . tcp . 80 }
            add element inet fairlead service-ipv4 { 10.96.0.10 . tcp . 80 : 8000:2 }
            add element inet fairlead balance { 8000:2 : goto endpoints-2 }
            add element inet fairlead masquerade-outside { 8000:2 }
            add element inet fairlead endpoint-ipv4 { 10.96.0.10 . tcp . 80 . 0 : 10.244.1.2 . 8080, 10.96.0.10 . tcp . 80 . 1 : 10.244.2.2 . 8080 }
            add element inet fairlead hairpin-ipv4 { 10.244.1.2 . 10.244.1.2 }
            add element inet fairlead cluster-ip-ipv4 { 10.96.0.10 }\
            """);
    services.update(key("dns"), tcp("dns", "10.96.0.11:53", "10.244.2.2:53", "10.244.3.3:53"));
    assertThat(commit())
        .isEqualTo(
            """
            add element inet fairlead connection-ipv4 { 10.96.0.11 . tcp . 53 }
            add element inet fairlead traffic-ipv4 { 10.96.0.11 . tcp . 53 }
            add element inet fairlead service-ipv4 { 10.96.0.11 . tcp . 53 : 8000:2 }
            add element inet fairlead endpoint-ipv4 { 10.96.0.11 . tcp . 53 . 0 : 10.244.2.2 . 53, 10.96.0.11 . tcp . 53 . 1 : 10.244.3.3 . 53 }
            add element inet fairlead cluster-ip-ipv4 { 10.96.0.11 }\
            """);
  }

  @Test
  void aReplacedEndpointIsTwoElements() throws Exception {
    services.update(key("web"), tcp("web", "10.96.0.10:80", "10.244.2.2:80", "10.244.2.3:80"));
    services.commit();
    services.update(key("web"), tcp("web", "10.96.0.10:80", "10.244.2.3:80", "10.244.2.4:80"));
    assertThat(commit())
        .isEqualTo(
            """
            delete element inet fairlead endpoint-ipv4 { 10.96.0.10 . tcp . 80 . 0 }
            add element inet fairlead endpoint-ipv4 { 10.96.0.10 . tcp . 80 . 0 : 10.244.2.4 . 80 }\
            """);
  }

  @Test
  void theLastEndpointMovesIntoTheSlotOfTheRemoved() throws Exception {
    services.update(
        key("web"), tcp("web", "10.96.0.10:80", "10.244.2.2:80", "10.244.2.3:80", "10.244.2.4:80"));
    services.update(key("dns"), tcp("dns", "10.96.0.11:53", "10.244.2.2:53", "10.244.3.3:53"));
    services.commit();
    services.update(key("web"), tcp("web", "10.96.0.10:80", "10.244.2.3:80", "10.244.2.4:80"));
    assertThat(commit())
        .isEqualTo(
            """
            delete element inet fairlead service-ipv4 { 10.96.0.10 . tcp . 80 }
            delete element inet fairlead endpoint-ipv4 { 10.96.0.10 . tcp . 80 . 0, 10.96.0.10 . tcp . 80 . 2 }
            add element inet fairlead service-ipv4 { 10.96.0.10 . tcp . 80 : 8000:2 }
            add element inet fairlead endpoint-ipv4 { 10.96.0.10 . tcp . 80 . 0 : 10.244.2.4 . 80 }\
            """);
  }

  @Test
  @DisplayName("Without endpoints a Service is refused; deleted, it is unknown (services 23)")
  void refusal() throws Exception {
    services.update(key("web"), tcp("web", "10.96.0.10:80", "10.244.1.2:80"));
    services.commit();
    services.update(key("web"), tcp("web", "10.96.0.10:80"));
    assertThat(commit())
        .isEqualTo(
            """
            delete element inet fairlead service-ipv4 { 10.96.0.10 . tcp . 80 }
            delete element inet fairlead endpoint-ipv4 { 10.96.0.10 . tcp . 80 . 0 }
            delete element inet fairlead hairpin-ipv4 { 10.244.1.2 . 10.244.1.2 }
            add element inet fairlead refused-ipv4 { 10.96.0.10 . tcp . 80 }\
            """);
    services.update(key("web"), Optional.empty());
    assertThat(commit())
        .isEqualTo(
            """
            delete element inet fairlead connection-ipv4 { 10.96.0.10 . tcp . 80 }
            delete element inet fairlead traffic-ipv4 { 10.96.0.10 . tcp . 80 }
            delete element inet fairlead refused-ipv4 { 10.96.0.10 . tcp . 80 }
            delete element inet fairlead cluster-ip-ipv4 { 10.96.0.10 }\
            """);
  }

  @Test
  @DisplayName("Changes between two commits collapse (services 11)")
  void collapsing() throws Exception {
    services.update(key("web"), tcp("web", "10.96.0.10:80", "10.244.1.2:80"));
    services.commit();
    int before = kernel.committed().size();
    services.update(key("web"), Optional.empty());
    services.update(key("web"), tcp("web", "10.96.0.10:80", "10.244.1.2:80"));
    services.update(key("new"), tcp("new", "10.96.0.11:80", "10.244.1.3:80"));
    services.update(key("new"), Optional.empty());
    assertThat(commit()).isEmpty();
    assertThat(kernel.committed()).hasSize(before);
  }

  @Test
  void aHairpinGoesWithTheLastServiceOfThePod() throws Exception {
    services.update(key("a"), tcp("a", "10.96.0.10:80", "10.244.1.2:80"));
    services.update(key("b"), tcp("b", "10.96.0.11:80", "10.244.1.2:81"));
    services.commit();
    services.update(key("a"), Optional.empty());
    assertThat(commit()).doesNotContain("hairpin");
    services.update(key("b"), Optional.empty());
    services.update(key("c"), tcp("c", "10.96.0.12:80", "10.244.1.2:82"));
    assertThat(commit()).doesNotContain("hairpin");
    services.update(key("c"), Optional.empty());
    assertThat(commit())
        .contains("delete element inet fairlead hairpin-ipv4 { 10.244.1.2 . 10.244.1.2 }");
  }

  @Test
  @DisplayName("A restart over a correct table does nothing (services 41)")
  void restart() throws Exception {
    services.update(
        key("web"), tcp("web", "10.96.0.10:80", "10.244.1.2:80", "10.244.1.3:80", "10.244.1.4:80"));
    services.update(key("six"), tcp("six", "[fd00:96::a]:80", "[fd00:244:1::2]:80"));
    services.update(key("empty"), tcp("empty", "10.96.0.12:80"));
    services.commit();
    // Slots that are not in the order of addresses, and a chain that is no longer used.
    services.update(key("web"), tcp("web", "10.96.0.10:80", "10.244.1.3:80", "10.244.1.4:80"));
    services.commit();
    long generation = kernel.generation();
    ServiceTable second = restarted();
    second.update(key("web"), tcp("web", "10.96.0.10:80", "10.244.1.3:80", "10.244.1.4:80"));
    second.update(key("six"), tcp("six", "[fd00:96::a]:80", "[fd00:244:1::2]:80"));
    second.update(key("empty"), tcp("empty", "10.96.0.12:80"));
    assertThat(second.commit()).isEmpty();
    assertThat(kernel.generation()).isEqualTo(generation);
    assertThat(second.frontends()).isEqualTo(3);
  }

  @Test
  void aRestartChangesOnlyWhatChangedMeanwhile() throws Exception {
    services.update(key("web"), tcp("web", "10.96.0.10:80", "10.244.2.2:80", "10.244.2.3:80"));
    services.update(key("old"), tcp("old", "10.96.0.11:80", "10.244.2.2:80", "10.244.2.3:80"));
    services.commit();
    ServiceTable second = restarted();
    second.update(key("web"), tcp("web", "10.96.0.10:80", "10.244.2.3:80", "10.244.2.9:80"));
    assertThat(second.commit().toString())
        .isEqualTo(
            "[delete element inet fairlead endpoint-ipv4 { 10.96.0.10 . tcp . 80 . 0, 10.96.0.11 ."
                + " tcp . 80 . 0, 10.96.0.11 . tcp . 80 . 1 }, delete element inet fairlead"
                + " service-ipv4 { 10.96.0.11 . tcp . 80 }, delete element inet fairlead"
                + " connection-ipv4 { 10.96.0.11 . tcp . 80 }, delete element inet fairlead"
                + " traffic-ipv4 { 10.96.0.11 . tcp . 80 }, delete element inet fairlead"
                + " cluster-ip-ipv4 { 10.96.0.11 }, add element inet fairlead endpoint-ipv4 {"
                + " 10.96.0.10 . tcp . 80 . 0 : 10.244.2.9 . 80 }]");
  }

  @Test
  @DisplayName("A commit that failed is followed by one that converges (services 42)")
  void failure() throws Exception {
    services.update(key("web"), tcp("web", "10.96.0.10:80", "10.244.1.2:80"));
    services.commit();
    services.update(key("web"), tcp("web", "10.96.0.10:80", "10.244.1.3:80"));
    kernel.failNext(new NetlinkException("commit", Errno.ENOMEM, "", -1, 0));
    assertThatExceptionOfType(NetlinkException.class).isThrownBy(services::commit);
    assertThat(services.isPending()).isTrue();
    assertThat(commit()).contains("10.244.1.3");
    assertThat(restartedOver("10.244.1.3:80")).isEmpty();
  }

  private List<String> restartedOver(String endpoint) throws IOException {
    ServiceTable second = restarted();
    second.update(key("web"), tcp("web", "10.96.0.10:80", endpoint));
    return second.commit();
  }

  @Test
  @DisplayName("What others did to the table is undone, and nothing else touched (services 43, 45)")
  void drift() throws Exception {
    TableName table = NftablesServices.table();
    TableName foreign = TableName.inet("foreign");
    kernel.disturb(NfTransaction.of(new NfOperation.AddTable(NfTable.of(foreign, ""))));
    services.update(key("web"), tcp("web", "10.96.0.10:80", "10.244.1.2:80"));
    services.commit();
    String right = kernel.toString();
    NfSet stray = NfSet.set(table, "stray", "", Fields.IP_SADDR);
    long handle = kernel.rules(table).getFirst().handle();
    NfRule rule =
        NfRule.of(table, "from-pods-ipv4", "", new RuleBuilder().verdict(Verdict.ACCEPT).build());
    kernel.disturb(
        NfTransaction.of(
            new NfOperation.AddChain(NfChain.regular(table, "stray", "")),
            new NfOperation.AddSet(stray),
            new NfOperation.InsertRule(rule, 0),
            new NfOperation.DeleteRule(table, kernel.rules(table).getFirst().chain(), handle),
            new NfOperation.FlushSet(table, "endpoint-ipv4")));
    assertThat(services.audit()).isNotEmpty();
    assertThat(kernel.toString()).isEqualTo(right);
    assertThat(services.audit()).isEmpty();
    kernel.disturb(NfTransaction.of(new NfOperation.DeleteTable(table)));
    assertThat(services.commit()).isEmpty(); // Nobody has told it yet.
    services.distrust();
    assertThat(services.commit()).isNotEmpty();
    assertThat(kernel.toString()).isEqualTo(right);
  }

  @Test
  void aTableOfAnotherShapeIsReplacedInOneTransaction() throws Exception {
    services.commit();
    String right = kernel.toString();
    TableName table = NftablesServices.table();
    kernel.disturb(
        NfTransaction.of(
            new NfOperation.DeleteTable(table),
            new NfOperation.AddTable(NfTable.of(table, "of another version")),
            new NfOperation.AddSet(NfSet.set(table, "service-ipv4", "", Fields.IP_SADDR))));
    int before = kernel.committed().size();
    assertThat(services.audit()).isNotEmpty();
    assertThat(kernel.committed()).hasSize(before + 1);
    assertThat(kernel.toString()).isEqualTo(right);
  }

  @Test
  void otherNetworksAreOtherElements() throws Exception {
    services.commit();
    services.network(
        new NodeNetwork(
            List.of(Cidr.parse("10.244.7.0/24")),
            NETWORK.clusterCidrs(),
            List.of(Cidr.parse("192.168.0.0/16"))));
    assertThat(commit())
        .contains("delete element inet fairlead local-pods-ipv4 { 10.244.1.0/24 }")
        .contains("add element inet fairlead local-pods-ipv4 { 10.244.7.0/24 }")
        .contains("add element inet fairlead unmasqueraded-ipv4 { 192.168.0.0/16 }");
    assertThat(services.audit()).isEmpty();
  }

  @Test
  void cleanupRemovesTheTableAndNothingElse() throws Exception {
    TableName foreign = TableName.inet("foreign");
    kernel.disturb(NfTransaction.of(new NfOperation.AddTable(NfTable.of(foreign, ""))));
    services.commit();
    assertThat(NftablesServices.cleanup(kernel)).isTrue();
    assertThat(kernel.toString()).isEqualTo("table inet foreign {\n}\n");
    assertThat(NftablesServices.cleanup(kernel)).isFalse();
  }

  @Test
  void everyHistoryEndsWhereAFreshStartWouldBe() throws Exception {
    RandomGenerator random = Seed.generator("histories");
    services.commit();
    TreeMap<String, String[]> model = new TreeMap<>();
    for (int step = 0; step < 400; step++) {
      for (int i = random.nextInt(1, 4); i > 0; i--) {
        String name = "s" + random.nextInt(8);
        int kind = random.nextInt(5);
        if (kind == 0) {
          model.remove(name);
          services.update(key(name), Optional.empty());
        } else {
          String[] endpoints =
              IntStream.range(2, 9)
                  .filter(_ -> random.nextBoolean())
                  .mapToObj(last -> "10.244." + (1 + last % 2) + "." + last + ":80")
                  .toArray(String[]::new);
          model.put(name, endpoints);
          // Some share an address.
          services.update(key(name), tcp(name, address(name), endpoints));
        }
      }
      if (random.nextInt(10) == 0) {
        kernel.failNext(new NetlinkException("commit", Errno.ENOBUFS, "", -1, 0));
      }
      try {
        services.commit();
      } catch (NetlinkException e) {
        assertThat(e.isLost()).isTrue();
        services.commit();
      }
      if (step % 20 == 0) {
        ServiceTable fresh = restarted();
        model.forEach(
            (name, endpoints) -> fresh.update(key(name), tcp(name, address(name), endpoints)));
        assertThat(fresh.commit()).as("step %d", step).isEmpty();
      }
    }
  }

  private static String address(String name) {
    return "10.96.0." + (name.charAt(1) - '0') / 2 + ":80";
  }
}
