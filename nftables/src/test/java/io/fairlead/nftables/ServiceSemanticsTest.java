package io.fairlead.nftables;

import static io.fairlead.nftables.Samples.NETWORK;
import static io.fairlead.nftables.Samples.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.netlink.nftables.FakeNfTables;
import io.fairlead.dataplane.netlink.nftables.KeyBuilder;
import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfTransaction;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.service.Frontend.Masquerade;
import io.fairlead.dataplane.service.Frontend.Reach;
import io.fairlead.dataplane.service.LocalPods;
import io.fairlead.dataplane.service.ServiceFragment;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.dataplane.sys.Errno;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What Services become in the table, beyond cluster IPs. */
class ServiceSemanticsTest {

  private static final String LOCAL = "10.244.1.3:80";
  private static final String REMOTE = "10.244.2.2:80";
  private static final String REMOTE2 = "10.244.2.3:80";

  private final FakeNfTables kernel = new FakeNfTables();
  private final ServiceTable services = new ServiceTable(kernel);

  @BeforeEach
  void start() throws IOException {
    services.commit();
  }

  private List<String> commit(SampleService service) throws IOException {
    Optional<ServiceFragment> fragment = service.build();
    services.update(fragment.orElseThrow().service(), fragment);
    List<String> texts = new ArrayList<>(services.commit());
    // Every state is one that a restart finds right.
    ServiceTable restarted = new ServiceTable(kernel);
    services.claims.fragments().forEach(f -> restarted.update(f.service(), Optional.of(f)));
    assertThat(restarted.commit()).isEmpty();
    return texts;
  }

  private static String add(String set, String elements) {
    return "add element inet fairlead " + set + " { " + elements + " }";
  }

  private static String delete(String set, String elements) {
    return "delete element inet fairlead " + set + " { " + elements + " }";
  }

  @Test
  @DisplayName(
      "TCP and UDP on one node port are apart (services 12); the outside has its own slots")
  void localPolicy() throws Exception {
    SampleService web =
        SampleService.ipv4("web")
            .cluster(LOCAL, REMOTE)
            .local(LOCAL)
            .nodePort(30080, Reach.LOCAL_FROM_OUTSIDE);
    assertThat(commit(web))
        .contains(
            add("node-port-service-ipv4", "tcp . 30080 : 4800:2"),
            add("node-port-local-service-ipv4", "tcp . 30080 : 5800:1"),
            add(
                "balance",
                "4800:2 : goto node-port-endpoints-2, 5800:1 : goto node-port-local-endpoints-1"),
            add("masquerade-node", "4800:2, 5800:1"),
            add(
                "node-port-endpoint-ipv4",
                "tcp . 30080 . 0 : 10.244.1.3 . 80, tcp . 30080 . 1 : 10.244.2.2 . 80, tcp . 30080"
                    + " . 16777216 : 10.244.1.3 . 80"))
        .contains(
            "add rule inet fairlead node-port-local-endpoints-1 meta nfproto ipv4 dnat ip to meta"
                + " l4proto . th dport . numgen random mod 1 offset 16777216 map"
                + " @node-port-endpoint-ipv4");
    assertThat(
            commit(SampleService.ipv4("dns").udp().cluster(REMOTE).nodePort(30080, Reach.CLUSTER)))
        .contains(add("node-port-service-ipv4", "udp . 30080 : c800:1"));
    // Endpoints elsewhere only: silence for the outside alone (services 24).
    assertThat(
            commit(
                SampleService.ipv4("web")
                    .cluster(REMOTE, REMOTE2)
                    .local()
                    .nodePort(30080, Reach.LOCAL_FROM_OUTSIDE)))
        .contains(
            delete("node-port-local-service-ipv4", "tcp . 30080"),
            add("node-port-local-dropped-ipv4", "tcp . 30080"));
  }

  @Test
  @DisplayName("Source ranges: changed, none, all, one inside another (services 30)")
  void sourceRanges() throws Exception {
    String address = "203.0.113.5:80";
    SampleService ranges =
        SampleService.ipv4("web")
            .cluster(REMOTE)
            .balancer(address, Reach.CLUSTER, "10.0.0.0/8", "10.1.0.0/16", "192.0.2.0/24");
    assertThat(commit(ranges))
        .contains(
            add("restricted-ipv4", "203.0.113.5 . tcp . 80"),
            add(
                "allowed-ipv4",
                "203.0.113.5 . tcp . 80 . 10.0.0.0/8, 203.0.113.5 . tcp . 80 . 192.0.2.0/24"));
    assertThat(
            commit(
                SampleService.ipv4("web")
                    .cluster(REMOTE)
                    .balancer(address, Reach.CLUSTER, "10.0.0.0/16", "192.0.2.0/24")))
        .containsExactly(
            delete("allowed-ipv4", "203.0.113.5 . tcp . 80 . 10.0.0.0/8"),
            add("allowed-ipv4", "203.0.113.5 . tcp . 80 . 10.0.0.0/16"));
    assertThat(commit(SampleService.ipv4("web").cluster(REMOTE).balancer(address, Reach.CLUSTER)))
        .contains(delete("restricted-ipv4", "203.0.113.5 . tcp . 80"));
  }

  @Test
  @DisplayName("A cluster IP is known as long as one of its ports is (services 32)")
  void clusterIps() throws Exception {
    commit(SampleService.ipv4("a").cluster(REMOTE).clusterIp("10.96.0.10:80"));
    assertThat(commit(SampleService.ipv4("b").cluster(REMOTE).clusterIp("10.96.0.10:81")))
        .noneMatch(text -> text.contains("cluster-ip"));
    services.update(key("a"), Optional.empty());
    assertThat(services.commit()).noneMatch(text -> text.contains("cluster-ip"));
    services.update(key("b"), Optional.empty());
    assertThat(services.commit()).contains(delete("cluster-ip-ipv4", "10.96.0.10"));
  }

  private static SetElement client(String client, String endpoint) {
    return SetElement.of(
        new KeyBuilder()
            .address(IpAddress.parse(client))
            .address(IpAddress.parse("10.96.0.10"))
            .protocol(6)
            .port(80)
            .build(),
        ServiceElements.value(Samples.parse(endpoint)));
  }

  @Test
  @DisplayName("Clients forget endpoints that are gone, and only those (services 51, 52)")
  void affinity() throws Exception {
    String address = "10.96.0.10:80";
    assertThat(
            commit(
                SampleService.ipv4("web").cluster(LOCAL, REMOTE).clusterIp(address).affinity(60)))
        .contains(add("affinity-service-ipv4", "10.96.0.10 . tcp . 80 : goto remember-60-ipv4"))
        .contains(add("balance", "a000:2 : goto affinity-endpoints-2"));
    var remembered = ServiceSets.of(AddressFamily.IPV4).remembered();
    kernel.disturb(
        NfTransaction.of(
            new NfOperation.AddElements(
                remembered, List.of(client("10.244.1.8", LOCAL), client("10.244.1.9", REMOTE)))));
    assertThat(services.backend.hasFollowUp()).isFalse();
    assertThat(
            commit(
                SampleService.ipv4("web").cluster(LOCAL, REMOTE2).clusterIp(address).affinity(60)))
        .hasSize(2);
    assertThat(services.backend.followUp())
        .containsExactly(delete("affinity-ipv4", "10.244.1.9 . 10.96.0.10 . tcp . 80"));
    assertThat(services.backend.hasFollowUp()).isFalse();
    commit(SampleService.ipv4("web").cluster(LOCAL, REMOTE2).clusterIp(address).affinity(90));
    assertThat(services.backend.followUp())
        .containsExactly(delete("affinity-ipv4", "10.244.1.8 . 10.96.0.10 . tcp . 80"));
    // After a restart all that is remembered is looked through once.
    kernel.disturb(
        NfTransaction.of(
            new NfOperation.AddElements(remembered, List.of(client("10.244.1.9", REMOTE)))));
    services.distrust();
    assertThat(services.commit()).isEmpty();
    assertThat(services.backend.followUp()).hasSize(1);
    assertThat(services.backend.hasFollowUp()).isFalse();
  }

  @Test
  @DisplayName("Without Services only the base is left, changed in one transaction (services 57)")
  void roles() throws Exception {
    String withNone = kernel.toString();
    services.backend.remove();
    String base = kernel.toString();
    assertThat(base).contains("local-pods-ipv4").doesNotContain("service");
    FakeNfTables other = new FakeNfTables();
    NftablesServices fresh =
        new NftablesServices(other, services.claims, NETWORK, ServiceTable.SETTINGS);
    fresh.serve(false);
    fresh.commit();
    assertThat(other.toString()).isEqualTo(base);
    int before = kernel.committed().size();
    services.backend.serve(true);
    services.commit();
    assertThat(kernel.committed()).hasSize(before + 1);
    assertThat(sorted(kernel.toString())).isEqualTo(sorted(withNone));
  }

  private static List<String> sorted(String text) {
    return text.lines().sorted().toList();
  }

  @Test
  @DisplayName(
      "An older kernel refuses to delete chains with the maps that led there (services 44)")
  void busyChains() throws Exception {
    commit(SampleService.ipv4("web").cluster(REMOTE).clusterIp("10.96.0.10:80"));
    services.backend.serve(false);
    kernel.failNext(new NetlinkException("delete chain", Errno.EBUSY, "", -1, 0));
    int before = kernel.committed().size();
    assertThat(services.commit()).isNotEmpty();
    assertThat(kernel.committed()).hasSize(before + 2);
    assertThat(services.audit()).isEmpty();
  }

  @Test
  void otherSettingsAreOtherRules() throws Exception {
    commit(SampleService.ipv4("web").cluster(REMOTE).clusterIp("10.96.0.10:80"));
    services.backend.settings(
        new ServiceSettings(
            new LocalPods.InterfacePrefix("veth"),
            List.of(Cidr.parse("192.0.2.0/24")),
            List.of(Cidr.parse("10.96.0.0/16")),
            1 << 20));
    int before = kernel.committed().size();
    assertThat(services.commit())
        .contains(
            "add rule inet fairlead nat-prerouting meta nfproto ipv4 iifname \"veth*\" goto"
                + " from-pods-ipv4",
            add("service-cidr-ipv4", "10.96.0.0/16"),
            add("node-address-ipv4", "192.0.2.0/24"))
        .anyMatch(text -> text.endsWith("meta mark set meta mark | 0x00100000"));
    assertThat(kernel.committed()).hasSize(before + 1);
    assertThat(services.audit()).isEmpty();
  }

  @Test
  @DisplayName("A new table gets the API server and DNS first, and whole Services at a time")
  void firstSync() throws Exception {
    FakeNfTables fresh = new FakeNfTables();
    ServiceTable table = new ServiceTable(fresh);
    for (int i = 0; i < 2_000; i++) {
      String address = "10.96." + (1 + i / 250) + "." + (1 + i % 250) + ":80";
      table.update(key("s" + i), Samples.tcp("s" + i, address, REMOTE, REMOTE2));
    }
    Optional<ServiceFragment> dns = Samples.tcp("dns", "10.99.0.10:53", REMOTE);
    ObjectKey dnsKey = new ObjectKey("kube-system", "dns");
    table.update(dnsKey, dns.map(fragment -> new ServiceFragment(dnsKey, 0, fragment.ports())));
    Optional<ServiceFragment> server = Samples.tcp("kubernetes", "10.99.0.1:443", REMOTE);
    table.update(new ObjectKey("default", "kubernetes"), server);
    table.commit();
    List<NfTransaction> transactions = fresh.committed();
    assertThat(transactions).hasSize(3);
    assertThat(transactions.getFirst().toString())
        .contains("service-ipv4 { 10.99.0.1 . tcp . 443 : 8000:1, 10.99.0.10 . tcp . 53 : 8000:1,");
    for (NfTransaction transaction : transactions) {
      assertThat(count(transaction, "endpoint-ipv4") % 2).isZero();
      assertThat(count(transaction, "cluster-ip-ipv4"))
          .isEqualTo(count(transaction, "service-ipv4"));
    }
    assertThat(table.audit()).isEmpty();
  }

  private static int count(NfTransaction transaction, String set) {
    return transaction.operations().stream()
        .filter(NfOperation.AddElements.class::isInstance)
        .map(NfOperation.AddElements.class::cast)
        .filter(add -> add.set().name().equals(set))
        .mapToInt(add -> add.elements().size())
        .sum();
  }

  @Test
  void everyTargetHasItsOwnNumber() {
    List<Target> targets = new ArrayList<>();
    for (Masquerade masquerade : Masquerade.values()) {
      for (int flags = 0; flags < 8; flags++) {
        for (int endpoints : new int[] {1, 2, 65_536, 100_000, (1 << 24) - 1}) {
          targets.add(
              new Target(
                  (flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0, masquerade, endpoints));
        }
      }
    }
    assertThat(targets).extracting(Target::value).doesNotHaveDuplicates();
    assertThat(targets).allSatisfy(t -> assertThat(Target.of(t.value())).isEqualTo(t));
    assertThat(Target.of(0)).isNull();
  }
}
