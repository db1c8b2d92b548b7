package io.fairlead.nftables;

import static io.fairlead.dataplane.model.Protocol.TCP;
import static io.fairlead.nftables.Samples.key;
import static io.fairlead.nftables.ServiceLab.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.netlink.nftables.NfCounter;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.netlink.nftables.TableName;
import io.fairlead.dataplane.service.Frontend.Reach;
import io.fairlead.dataplane.service.LocalPods;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.dataplane.service.VirtualAddress;
import io.fairlead.dataplane.testing.OpenDescriptors;
import io.fairlead.dataplane.testing.TestNamespace;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All paths to a Service but the plain cluster IP, with packets. */
class ServicePathsKernelTest {

  private static final String POD3 = "10.244.1.3:8080";
  private static final String POD4 = "10.244.1.4:8080";
  private static final String REMOTE = "10.244.2.2:8080";

  private final OpenDescriptors descriptors = OpenDescriptors.now();
  private ServiceLab lab;
  private NfTablesSocket kernel;

  @BeforeEach
  void open() throws Exception {
    lab = ServiceLab.create();
    kernel = lab.node.call(NfTablesSocket::open);
    lab.outside.run("ip", "route", "add", "10.96.0.0/16", "via", "192.0.2.1");
    lab.outside.run("ip", "route", "add", "203.0.113.0/24", "via", "192.0.2.1");
    lab.outside.run("ip", "-6", "route", "add", "fd00:96::/64", "via", "2001:db8::1");
  }

  @AfterEach
  void close() throws Exception {
    kernel.close();
    lab.close();
    descriptors.assertNoneAdded();
  }

  private ServiceTable table(ServiceSettings settings, SampleService... services)
      throws IOException {
    ServiceTable table = new ServiceTable(kernel, settings);
    for (SampleService service : services) {
      update(table, service);
    }
    table.commit();
    return table;
  }

  private static void update(ServiceTable table, SampleService service) {
    var fragment = service.build();
    table.update(fragment.orElseThrow().service(), fragment);
  }

  private Set<String> answers(TestNamespace from, String address, int port) throws Exception {
    Set<String> answers = new TreeSet<>();
    for (int i = 0; i < 30; i++) {
      answers.add(ask(from, TCP, address, port));
    }
    return answers;
  }

  private static void assertRefused(TestNamespace from, String address, int port) {
    assertThatThrownBy(() -> ask(from, TCP, address, port))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("refused");
  }

  private static void assertSilent(TestNamespace from, String address, int port) {
    assertThatThrownBy(() -> ask(from, TCP, address, port))
        .isInstanceOf(SocketTimeoutException.class);
  }

  @Test
  @DisplayName("Node ports on all addresses of the node as they come and go (services 27, 36, 37)")
  void nodePorts() throws Exception {
    table(
        ServiceTable.SETTINGS,
        SampleService.ipv4("web").cluster(POD3, POD4).nodePort(30080, Reach.CLUSTER),
        SampleService.ipv6("web6").cluster("[fd00:244:1::3]:8080").nodePort(30080, Reach.CLUSTER),
        SampleService.ipv4("none").nodePort(30081, Reach.CLUSTER));
    // The pods see the node: their answers go back through it.
    assertThat(answers(lab.outside, "192.0.2.1", 30080))
        .containsExactly("pod3 10.244.1.1", "pod4 10.244.1.1");
    assertThat(ask(lab.outside, TCP, "2001:db8::1", 30080)).startsWith("pod3 fd00:244:1:0:0:0:0:1");
    assertThat(ask(lab.pod(2), TCP, "192.0.2.1", 30080)).matches("pod[34] 10.244.1.1");
    assertThat(ask(lab.node, TCP, "192.0.2.1", 30080)).matches("pod[34] 10.244.1.1");
    assertRefused(lab.outside, "192.0.2.1", 30081);
    assertRefused(lab.node, "127.0.0.1", 30080);
    lab.outside.run("ip", "route", "add", "198.51.100.7", "via", "192.0.2.1");
    lab.node.run("ip", "addr", "add", "198.51.100.7/32", "dev", "uplink");
    assertThat(ask(lab.outside, TCP, "198.51.100.7", 30080)).matches("pod[34] 10.244.1.1");
    lab.node.run("ip", "addr", "del", "198.51.100.7/32", "dev", "uplink");
    assertThatThrownBy(() -> ask(lab.outside, TCP, "198.51.100.7", 30080))
        .isInstanceOf(IOException.class);
  }

  @Test
  @DisplayName("Node ports restricted in one family are open in the other (services 35)")
  void nodePortAddresses() throws Exception {
    ServiceSettings settings =
        new ServiceSettings(
            ServiceTable.SETTINGS.localPods(),
            List.of(Cidr.parse("198.51.100.0/24")),
            List.of(),
            1 << 20);
    table(
        settings,
        SampleService.ipv4("web").cluster(POD3).nodePort(30080, Reach.CLUSTER),
        SampleService.ipv4("none").nodePort(30081, Reach.CLUSTER),
        SampleService.ipv6("web6").cluster("[fd00:244:1::3]:8080").nodePort(30080, Reach.CLUSTER));
    lab.outside.run("ip", "route", "add", "198.51.100.7", "via", "192.0.2.1");
    lab.node.run("ip", "addr", "add", "198.51.100.7/32", "dev", "uplink");
    assertThat(ask(lab.outside, TCP, "198.51.100.7", 30080)).startsWith("pod3");
    assertRefused(lab.outside, "192.0.2.1", 30080);
    assertThat(ask(lab.outside, TCP, "2001:db8::1", 30080)).startsWith("pod3");
  }

  @Test
  @DisplayName(
      "External policy Local: the outside keeps its address and is sent to pods here, all"
          + " others to all (services 25, 26)")
  void localPolicy() throws Exception {
    ServiceTable table =
        table(
            ServiceTable.SETTINGS,
            SampleService.ipv4("web")
                .cluster(POD3, REMOTE)
                .local(POD3)
                .balancer("203.0.113.5:80", Reach.LOCAL_FROM_OUTSIDE)
                .nodePort(30080, Reach.LOCAL_FROM_OUTSIDE));
    assertThat(answers(lab.outside, "203.0.113.5", 80)).containsExactly("pod3 192.0.2.2");
    assertThat(answers(lab.outside, "192.0.2.1", 30080)).containsExactly("pod3 192.0.2.2");
    assertThat(answers(lab.pod(2), "203.0.113.5", 80))
        .containsExactly("outside 10.244.1.2", "pod3 10.244.1.2");
    assertThat(answers(lab.pod(2), "192.0.2.1", 30080))
        .containsExactly("outside 10.244.1.2", "pod3 10.244.1.2");
    assertThat(answers(lab.node, "203.0.113.5", 80))
        .containsExactly("outside 192.0.2.1", "pod3 10.244.1.1");

    update(
        table,
        SampleService.ipv4("web")
            .cluster(REMOTE)
            .local()
            .balancer("203.0.113.5:80", Reach.LOCAL_FROM_OUTSIDE)
            .nodePort(30080, Reach.LOCAL_FROM_OUTSIDE)
            .clusterIp("10.96.0.10:80", Reach.LOCAL));
    table.commit();
    assertSilent(lab.outside, "203.0.113.5", 80);
    assertSilent(lab.outside, "192.0.2.1", 30080);
    assertThat(ask(lab.pod(2), TCP, "203.0.113.5", 80)).isEqualTo("outside 10.244.1.2");
    assertThat(ask(lab.node, TCP, "192.0.2.1", 30080)).startsWith("outside");
    // Internal policy Local has no short cut (services 24, 29).
    assertSilent(lab.pod(2), "10.96.0.10", 80);
    assertThat(counts(table, "203.0.113.5", 80).dropped()).isPositive();
  }

  @Test
  @DisplayName("Where pods cannot be told, only the node has the short cut (services 28)")
  void unknownPods() throws Exception {
    SampleService web =
        SampleService.ipv4("web")
            .cluster(POD3, POD4)
            .local(POD3)
            .balancer("203.0.113.5:80", Reach.LOCAL_FROM_OUTSIDE);
    ServiceTable table = table(settings(new LocalPods.Unknown()), web);
    assertThat(answers(lab.pod(2), "203.0.113.5", 80)).containsExactly("pod3 10.244.1.2");
    assertThat(answers(lab.node, "203.0.113.5", 80)).hasSize(2);
    for (LocalPods pods :
        List.of(new LocalPods.Interface("pod2"), new LocalPods.InterfacePrefix("po"))) {
      table.backend.settings(settings(pods));
      table.commit();
      assertThat(answers(lab.pod(2), "203.0.113.5", 80)).hasSize(2);
      assertThat(answers(lab.outside, "203.0.113.5", 80)).containsExactly("pod3 192.0.2.2");
    }
  }

  private static ServiceSettings settings(LocalPods pods) {
    return new ServiceSettings(pods, List.of(), List.of(), 1 << 14);
  }

  @Test
  @DisplayName("Source ranges hold for pods and the node too, but not for node ports (services 30)")
  void sourceRanges() throws Exception {
    ServiceTable table =
        table(
            ServiceTable.SETTINGS,
            SampleService.ipv4("web")
                .cluster(POD3)
                .balancer("203.0.113.5:80", Reach.CLUSTER, "10.244.1.2/32", "10.244.1.2/31")
                .nodePort(30080, Reach.CLUSTER));
    assertThat(ask(lab.pod(2), TCP, "203.0.113.5", 80)).startsWith("pod3");
    assertSilent(lab.pod(4), "203.0.113.5", 80);
    assertSilent(lab.outside, "203.0.113.5", 80);
    assertThat(ask(lab.outside, TCP, "192.0.2.1", 30080)).startsWith("pod3");
    update(
        table,
        SampleService.ipv4("web")
            .cluster(POD3)
            .balancer("203.0.113.5:80", Reach.CLUSTER, "192.0.2.0/24"));
    table.commit();
    assertThat(ask(lab.outside, TCP, "203.0.113.5", 80)).startsWith("pod3");
    assertSilent(lab.pod(2), "203.0.113.5", 80);
    assertThat(ask(lab.node, TCP, "203.0.113.5", 80)).startsWith("pod3");
    assertThat(counts(table, "203.0.113.5", 80).dropped()).isGreaterThanOrEqualTo(3);
  }

  @Test
  @DisplayName("Strangers to a cluster IP are masqueraded, and the mark is cleared (services 34)")
  void masquerade() throws Exception {
    table(
        ServiceTable.SETTINGS, SampleService.ipv4("web").cluster(POD3).clusterIp("10.96.0.10:80"));
    lab.node.run(
        "nft",
        "add table inet probe; add counter inet probe forwarded; add counter inet probe left; add"
            + " chain inet probe f { type filter hook forward priority 10; }; add rule inet probe f"
            + " meta mark & 0x4000 != 0 counter name forwarded; add chain inet probe p { type"
            + " filter hook postrouting priority 200; }; add rule inet probe p meta mark != 0"
            + " counter name left");
    assertThat(ask(lab.outside, TCP, "10.96.0.10", 80)).isEqualTo("pod3 10.244.1.1");
    assertThat(ask(lab.pod(2), TCP, "10.96.0.10", 80)).isEqualTo("pod3 10.244.1.2");
    assertThat(kernel.counters(TableName.inet("probe")))
        .extracting(NfCounter::name, NfCounter::packets)
        .containsExactlyInAnyOrder(tuple("forwarded", 1L), tuple("left", 0L));
  }

  @Test
  @DisplayName("Unused ports of a cluster IP are refused, unallocated ones dropped")
  void unusedAddresses() throws Exception {
    ServiceSettings settings =
        new ServiceSettings(
            ServiceTable.SETTINGS.localPods(),
            List.of(),
            List.of(Cidr.parse("10.96.0.0/16"), Cidr.parse("fd00:96::/64")),
            1 << 14);
    ServiceTable table =
        table(
            settings,
            SampleService.ipv4("web").cluster(POD3).clusterIp("10.96.0.10:80"),
            SampleService.ipv6("web6")
                .cluster("[fd00:244:1::3]:8080")
                .clusterIp("[fd00:96::a]:80"));
    for (TestNamespace from : List.of(lab.pod(2), lab.node)) {
      assertThat(ask(from, TCP, "10.96.0.10", 80)).startsWith("pod3");
      assertRefused(from, "10.96.0.10", 81);
      assertRefused(from, "fd00:96::a", 81);
      assertSilent(from, "10.96.0.11", 80);
    }
    assertThat(kernel.counters(NftablesServices.table()))
        .filteredOn(counter -> counter.name().equals("unallocated"))
        .extracting(NfCounter::packets)
        .allSatisfy(packets -> assertThat(packets).isGreaterThanOrEqualTo(2));
    table.update(key("web"), Optional.empty());
    table.commit();
    assertSilent(lab.pod(2), "10.96.0.10", 81);
  }

  @Test
  @DisplayName("Clients stay with their endpoint until it goes (services 51, 52)")
  void affinity() throws Exception {
    SampleService web =
        SampleService.ipv4("web")
            .cluster(POD3, POD4, REMOTE)
            .clusterIp("10.96.0.10:80")
            .nodePort(30080, Reach.CLUSTER)
            .affinity(600);
    ServiceTable table =
        table(
            ServiceTable.SETTINGS,
            web,
            SampleService.ipv6("web6")
                .cluster("[fd00:244:1::3]:8080", "[fd00:244:1::4]:8080")
                .clusterIp("[fd00:96::a]:80")
                .affinity(600));
    Set<String> first = answers(lab.pod(2), "10.96.0.10", 80);
    assertThat(first).hasSize(1);
    assertThat(answers(lab.outside, "192.0.2.1", 30080)).hasSize(1);
    assertThat(answers(lab.pod(2), "fd00:96::a", 80)).hasSize(1);
    assertThat(answers(lab.outside, "fd00:96::a", 80)).hasSize(1);
    assertThat(table.backend.hasFollowUp()).isFalse();
    assertThat(lab.node.run("nft", "list", "ruleset"))
        .contains("update @affinity-ipv4 { ct original ip saddr . ct original ip daddr")
        .contains("update @affinity-ipv6 { ct original ip6 saddr . ct original ip6 daddr");

    List<String> rest = new ArrayList<>(List.of(POD3, POD4, REMOTE));
    String gone = first.iterator().next();
    rest.remove(gone.startsWith("pod3") ? POD3 : gone.startsWith("pod4") ? POD4 : REMOTE);
    update(
        table,
        SampleService.ipv4("web")
            .cluster(rest.toArray(String[]::new))
            .clusterIp("10.96.0.10:80")
            .nodePort(30080, Reach.CLUSTER)
            .affinity(600));
    table.commit();
    assertThat(table.backend.hasFollowUp()).isTrue();
    assertThat(table.backend.followUp()).isNotEmpty();
    assertThat(table.backend.hasFollowUp()).isFalse();
    Set<String> second = answers(lab.pod(2), "10.96.0.10", 80);
    assertThat(second).hasSize(1).doesNotContain(gone);

    // Another timeout, and then none: nobody is remembered from before.
    update(
        table,
        SampleService.ipv4("web")
            .cluster(rest.toArray(String[]::new))
            .clusterIp("10.96.0.10:80")
            .affinity(1));
    table.commit();
    assertThat(table.backend.followUp()).isNotEmpty();
    assertThat(answers(lab.pod(2), "10.96.0.10", 80)).hasSize(1);
    update(
        table,
        SampleService.ipv4("web").cluster(rest.toArray(String[]::new)).clusterIp("10.96.0.10:80"));
    table.commit();
    assertThat(answers(lab.pod(2), "10.96.0.10", 80)).hasSize(2);
    // The IPv6 Service was not concerned.
    assertThat(answers(lab.pod(2), "fd00:96::a", 80)).hasSize(1);
    assertThat(table.audit()).isEmpty();
  }

  private static ServiceCounters.Counts counts(ServiceTable table, String address, int port)
      throws IOException {
    return table
        .backend
        .counters()
        .byAddress()
        .getOrDefault(
            new VirtualAddress(Samples.parse(address + ":0").address(), TCP, port),
            new ServiceCounters.Counts(-1, -1, -1, -1, -1));
  }

  @Test
  void countersSayWhatPassed() throws Exception {
    ServiceTable table =
        table(
            ServiceTable.SETTINGS,
            SampleService.ipv4("web").cluster(POD3).clusterIp("10.96.0.10:80"),
            SampleService.ipv4("empty").clusterIp("10.96.0.11:80"));
    for (int i = 0; i < 5; i++) {
      ask(lab.pod(2), TCP, "10.96.0.10", 80);
    }
    ask(lab.node, TCP, "10.96.0.10", 80);
    assertRefused(lab.pod(2), "10.96.0.11", 80);
    ServiceCounters.Counts web = counts(table, "10.96.0.10", 80);
    assertThat(web.connections()).isEqualTo(6);
    // At least a handshake, an answer and the end of it, in both directions.
    assertThat(web.packets()).isBetween(6 * 7L, 6 * 14L);
    assertThat(web.bytes()).isGreaterThan(6 * 7 * 40L);
    assertThat(counts(table, "10.96.0.11", 80).refused()).isPositive();
    assertThat(counts(table, "10.96.0.11", 80).connections()).isZero();
    assertThat(table.audit()).isEmpty();
  }

  @Test
  @DisplayName("Leaving Services to others in one transaction keeps connections (services 57)")
  void roles() throws Exception {
    ServiceTable table =
        table(
            ServiceTable.SETTINGS,
            SampleService.ipv4("web").cluster(POD3).clusterIp("10.96.0.10:80").affinity(60));
    try (Socket socket = lab.pod(2).call(() -> new Socket())) {
      lab.pod(2)
          .call(() -> {
            socket.connect(new InetSocketAddress("10.96.0.10", 80), 1_000);
            return socket;
          });
      long generation = kernel.generation();
      table.backend.remove();
      assertThat(kernel.generation()).isEqualTo(generation + 1);
      assertThat(kernel.sets(NftablesServices.table())).hasSize(6);
      assertThat(ask(lab.pod(2), TCP, "192.0.2.2", 8080)).isEqualTo("outside 192.0.2.1");
      assertThatThrownBy(() -> ask(lab.pod(2), TCP, "10.96.0.10", 80))
          .isInstanceOf(IOException.class);
      socket.setSoTimeout(1_000);
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo("pod3 10.244.1.2");
    }
    assertThat(table.audit()).isEmpty();
    table.backend.serve(true);
    assertThat(table.commit()).isNotEmpty();
    assertThat(ask(lab.pod(2), TCP, "10.96.0.10", 80)).startsWith("pod3");
    assertThat(table.audit()).isEmpty();
  }

  @Test
  void theListingCanBeLoadedAgain(@TempDir Path folder) throws Exception {
    table(
        ServiceTable.SETTINGS,
        SampleService.ipv4("web")
            .cluster(POD3, POD4)
            .local(POD3)
            .balancer("203.0.113.5:80", Reach.LOCAL_FROM_OUTSIDE, "192.0.2.0/24")
            .clusterIp("10.96.0.10:80")
            .nodePort(30080, Reach.LOCAL_FROM_OUTSIDE)
            .affinity(60),
        SampleService.ipv6("web6")
            .cluster("[fd00:244:1::3]:8080")
            .clusterIp("[fd00:96::a]:80")
            .nodePort(30080, Reach.CLUSTER));
    String listing = lab.node.run("nft", "-s", "list", "ruleset");
    lab.node.run(
        "sh",
        "-c",
        "nft list ruleset > \"$0\" && nft flush ruleset && nft -f \"$0\"",
        folder.resolve("listing.nft").toString());
    assertThat(lab.node.run("nft", "-s", "list", "ruleset")).isEqualTo(listing);
    assertThat(ask(lab.pod(2), TCP, "10.96.0.10", 80)).matches("pod[34] 10.244.1.2");
  }
}
