package io.fairlead.nftables;

import static io.fairlead.dataplane.model.Protocol.TCP;
import static io.fairlead.dataplane.model.Protocol.UDP;
import static io.fairlead.nftables.Samples.key;
import static io.fairlead.nftables.Samples.service;
import static io.fairlead.nftables.Samples.tcp;
import static io.fairlead.nftables.ServiceLab.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.table.TableWatch;
import io.fairlead.dataplane.testing.OpenDescriptors;
import java.io.IOException;
import java.net.ConnectException;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Packets through the table, in namespaces. */
class NftablesServicesKernelTest {

  private final OpenDescriptors descriptors = OpenDescriptors.now();
  private ServiceLab lab;
  private NfTablesSocket kernel;
  private ServiceTable services;

  @BeforeEach
  void open() throws Exception {
    lab = ServiceLab.create();
    kernel = lab.node.call(NfTablesSocket::open);
    services = new ServiceTable(kernel);
  }

  @AfterEach
  void close() throws Exception {
    kernel.close();
    lab.close();
    descriptors.assertNoneAdded();
  }

  private Map<String, Integer> shares(Protocol protocol, String address, int times)
      throws Exception {
    Map<String, Integer> shares = new TreeMap<>();
    for (int i = 0; i < times; i++) {
      String answer = ask(lab.pod(2), protocol, address, 80);
      shares.merge(answer.substring(0, answer.indexOf(' ')), 1, Integer::sum);
    }
    return shares;
  }

  @Test
  void connectionsAreSpreadEvenlyOverTheEndpoints() throws Exception {
    services.update(
        key("web"),
        tcp("web", "10.96.0.10:80", "10.244.1.3:8080", "10.244.1.4:8080", "10.244.2.2:8080"));
    services.update(
        key("web6"),
        tcp("web6", "[fd00:96::a]:80", "[fd00:244:1::3]:8080", "[fd00:244:1::4]:8080"));
    services.update(
        key("dns"), service("dns", UDP, "10.96.0.10:80", "10.244.1.3:8080", "10.244.1.4:8080"));
    services.update(
        key("dns6"),
        service("dns6", UDP, "[fd00:96::a]:80", "[fd00:244:1::3]:8080", "[fd00:244:1::4]:8080"));
    services.commit();
    // Five standard deviations to either side.
    assertThat(shares(TCP, "10.96.0.10", 300))
        .containsOnlyKeys("pod3", "pod4", "outside")
        .allSatisfy((_, share) -> assertThat(share).isBetween(59, 141));
    assertThat(shares(TCP, "fd00:96::a", 200))
        .containsOnlyKeys("pod3", "pod4")
        .allSatisfy((_, share) -> assertThat(share).isBetween(64, 136));
    assertThat(shares(UDP, "10.96.0.10", 200))
        .containsOnlyKeys("pod3", "pod4")
        .allSatisfy((_, share) -> assertThat(share).isBetween(64, 136));
    assertThat(shares(UDP, "fd00:96::a", 200))
        .containsOnlyKeys("pod3", "pod4")
        .allSatisfy((_, share) -> assertThat(share).isBetween(64, 136));
  }

  @Test
  void trafficFollowsTheEndpoints() throws Exception {
    services.update(key("web"), tcp("web", "10.96.0.10:80", "10.244.1.3:8080"));
    services.commit();
    assertThat(ask(lab.pod(2), TCP, "10.96.0.10", 80)).isEqualTo("pod3 10.244.1.2");
    assertThat(ask(lab.node, TCP, "10.96.0.10", 80)).startsWith("pod3");
    services.update(key("web"), tcp("web", "10.96.0.10:80", "10.244.1.4:8080"));
    services.commit();
    assertThat(shares(TCP, "10.96.0.10", 20)).containsOnlyKeys("pod4");
    services.update(key("web"), tcp("web", "10.96.0.10:80", "10.244.1.3:8080", "10.244.1.4:8080"));
    services.commit();
    assertThat(shares(TCP, "10.96.0.10", 60)).containsOnlyKeys("pod3", "pod4");
    services.update(key("web"), Optional.empty());
    services.commit();
    assertThatThrownBy(() -> ask(lab.pod(2), TCP, "10.96.0.10", 80))
        .isInstanceOf(IOException.class);
  }

  @Test
  @DisplayName("A Service without endpoints refuses at once (services 23)")
  void refusal() throws Exception {
    services.update(key("web"), tcp("web", "10.96.0.10:80"));
    services.update(key("web6"), tcp("web6", "[fd00:96::a]:80"));
    services.update(key("dns"), service("dns", UDP, "10.96.0.10:53"));
    services.commit();
    for (var from : new io.fairlead.dataplane.testing.TestNamespace[] {lab.pod(2), lab.node}) {
      assertThatThrownBy(() -> ask(from, TCP, "10.96.0.10", 80))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("refused");
      assertThatThrownBy(() -> ask(from, TCP, "fd00:96::a", 80))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("refused");
    }
    assertThatThrownBy(() -> ask(lab.pod(2), UDP, "10.96.0.10", 53))
        .isInstanceOf(PortUnreachableException.class);
    // On the node itself the refusal comes before the packet has left: the send fails.
    assertThatThrownBy(() -> ask(lab.node, UDP, "10.96.0.10", 53))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(SocketTimeoutException.class);
    assertThat(kernel.counters(NftablesServices.table()))
        .filteredOn(counter -> counter.name().equals("refused"))
        .allSatisfy(counter -> assertThat(counter.packets()).isGreaterThanOrEqualTo(6));
  }

  @Test
  @DisplayName("A pod reaches itself through its Service; others keep their address (services 33)")
  void hairpin() throws Exception {
    services.update(key("web"), tcp("web", "10.96.0.10:80", "10.244.1.2:8080"));
    services.update(key("web6"), tcp("web6", "[fd00:96::a]:80", "[fd00:244:1::2]:8080"));
    services.commit();
    assertThat(ask(lab.pod(2), TCP, "10.96.0.10", 80)).isEqualTo("pod2 10.244.1.1");
    assertThat(ask(lab.pod(2), TCP, "fd00:96::a", 80)).isEqualTo("pod2 fd00:244:1:0:0:0:0:1");
    assertThat(ask(lab.pod(3), TCP, "10.96.0.10", 80)).isEqualTo("pod2 10.244.1.3");
    assertThat(ask(lab.pod(3), TCP, "fd00:96::a", 80)).isEqualTo("pod2 fd00:244:1:0:0:0:0:3");
  }

  @Test
  void podsAreMasqueradedToTheOutsideAndNotToEachOther() throws Exception {
    services.commit();
    assertThat(ask(lab.pod(2), TCP, "192.0.2.2", 8080)).isEqualTo("outside 192.0.2.1");
    assertThat(ask(lab.pod(2), UDP, "192.0.2.2", 8080)).isEqualTo("outside 192.0.2.1");
    assertThat(ask(lab.pod(2), TCP, "2001:db8::2", 8080)).isEqualTo("outside 2001:db8:0:0:0:0:0:1");
    assertThat(ask(lab.pod(2), TCP, "10.244.1.3", 8080)).isEqualTo("pod3 10.244.1.2");
    assertThat(ask(lab.pod(2), TCP, "fd00:244:1::3", 8080)).isEqualTo("pod3 fd00:244:1:0:0:0:0:2");
    assertThat(ask(lab.pod(2), TCP, "10.244.2.2", 8080)).isEqualTo("outside 10.244.1.2");
  }

  @Test
  void thisNodeIsMasqueradedToPodsOfOtherNodes() throws Exception {
    services.commit();
    lab.node.run("ip", "addr", "add", "198.51.100.7/32", "dev", "lo");
    lab.node.run("ip", "route", "add", "10.244.2.0/24", "via", "192.0.2.2", "src", "198.51.100.7");
    assertThat(ask(lab.node, TCP, "10.244.2.2", 8080)).isEqualTo("outside 192.0.2.1");
    assertThat(ask(lab.node, TCP, "10.244.1.3", 8080)).isEqualTo("pod3 10.244.1.1");
  }

  @Test
  @DisplayName("A restart changes nothing, and others' tables stay (services 41, 45)")
  void restart() throws Exception {
    lab.node.run("nft", "add table ip foreign; add chain ip foreign c; add rule ip foreign c drop");
    services.update(key("web"), tcp("web", "10.96.0.10:80", "10.244.1.3:8080", "10.244.1.4:8080"));
    services.update(key("web6"), tcp("web6", "[fd00:96::a]:80", "[fd00:244:1::3]:8080"));
    services.update(key("empty"), tcp("empty", "10.96.0.11:80"));
    services.commit();
    long generation = kernel.generation();
    String listing = lab.node.run("nft", "-a", "list", "ruleset");
    try (NfTablesSocket other = lab.node.call(NfTablesSocket::open)) {
      ServiceTable second = new ServiceTable(other);
      second.update(key("web"), tcp("web", "10.96.0.10:80", "10.244.1.3:8080", "10.244.1.4:8080"));
      second.update(key("web6"), tcp("web6", "[fd00:96::a]:80", "[fd00:244:1::3]:8080"));
      second.update(key("empty"), tcp("empty", "10.96.0.11:80"));
      assertThat(second.commit()).isEmpty();
      assertThat(second.audit()).isEmpty();
    }
    assertThat(kernel.generation()).isEqualTo(generation);
    assertThat(lab.node.run("nft", "-a", "list", "ruleset")).isEqualTo(listing);
    assertThat(NftablesServices.cleanup(kernel)).isTrue();
    assertThat(lab.node.run("nft", "list", "tables")).isEqualTo("table ip foreign\n");
  }

  @Test
  @DisplayName("What others do to the table is noticed and undone (services 43, faults 18)")
  void disturbance() throws Exception {
    services.update(key("web"), tcp("web", "10.96.0.10:80", "10.244.1.3:8080"));
    services.commit();
    String right = kernel.dump(NftablesServices.table()).orElseThrow().toString();
    for (String[] command :
        new String[][] {
          {"flush", "ruleset"},
          {"delete", "table", "inet", "fairlead"},
          {"flush", "chain", "inet", "fairlead", "from-pods-ipv4"},
          {"delete", "element", "inet", "fairlead", "service-ipv4", "{ 10.96.0.10 . tcp . 80 }"},
          {"add", "element", "inet", "fairlead", "cluster-ipv4", "{ 172.16.0.0/12 }"},
          {"insert", "rule", "inet", "fairlead", "filter-forward", "drop"},
          {"add", "chain", "inet", "fairlead", "stray"},
          {"add", "table", "inet", "fairlead", "{ flags dormant; }"}
        }) {
      CountDownLatch disturbed = new CountDownLatch(1);
      String[] line = new String[command.length + 1];
      line[0] = "nft";
      System.arraycopy(command, 0, line, 1, command.length);
      try (TableWatch _ =
          lab.node.call(() ->
              TableWatch.start(
                  kernel,
                  NftablesServices.table(),
                  services.backend::distrust,
                  sentence -> {
                    assertThat(sentence).contains("(nft) changed");
                    disturbed.countDown();
                  }))) {
        services.update(key("own"), tcp("own", "10.96.0.12:80", "10.244.1.3:8080"));
        services.commit();
        services.update(key("own"), Optional.empty());
        services.commit();
        assertThat(disturbed.getCount()).as("our own changes are none").isEqualTo(1);
        lab.node.run(line);
        assertThat(disturbed.await(5, TimeUnit.SECONDS)).as(String.join(" ", line)).isTrue();
      }
      assertThat(services.commit()).as(String.join(" ", line)).isNotEmpty();
      assertThat(kernel.dump(NftablesServices.table()).orElseThrow().toString()).isEqualTo(right);
      assertThat(ask(lab.pod(2), TCP, "10.96.0.10", 80)).startsWith("pod3");
    }
  }

  @Test
  @DisplayName("What a later version left, of any kind, is replaced (faults 22)")
  void laterVersion() throws Exception {
    services.update(key("web"), tcp("web", "10.96.0.10:80", "10.244.1.3:8080"));
    services.commit();
    String right = lab.node.run("nft", "-s", "list", "table", "inet", "fairlead");
    for (String later :
        List.of(
            "add set inet fairlead service-ipv4 { type ipv4_addr; }",
            "add map inet fairlead service-ipv4 { type ipv4_addr : verdict; }",
            "add map inet fairlead balance { type mark : verdict; flags interval; }",
            "add chain inet fairlead nat-prerouting { type filter hook ingress device lo priority 0; }",
            "add chain inet fairlead later { type nat hook prerouting priority 7; policy drop; }",
            "add counter inet fairlead service-ipv4",
            "add table inet fairlead { flags dormant; }")) {
      lab.node.run("nft", "delete", "table", "inet", "fairlead");
      String comment = right.lines().skip(1).findFirst().orElseThrow().strip();
      lab.node.run("nft", "add table inet fairlead { " + comment + "; }");
      lab.node.run("nft", later);
      try (NfTablesSocket other = lab.node.call(NfTablesSocket::open)) {
        ServiceTable next = new ServiceTable(other);
        next.update(key("web"), tcp("web", "10.96.0.10:80", "10.244.1.3:8080"));
        next.commit();
        assertThat(next.audit()).as(later).isEmpty();
      }
      assertThat(sorted(lab.node.run("nft", "-s", "list", "table", "inet", "fairlead")))
          .as(later)
          .isEqualTo(sorted(right));
    }
  }

  private static List<String> sorted(String listing) {
    return listing.lines().filter(line -> !line.isBlank()).sorted().toList();
  }
}
