package io.fairlead.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.fairlead.dataplane.testing.OpenDescriptors;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabKernelTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  @TempDir private Path tree;
  private OpenDescriptors descriptors;
  private Lab lab;

  /** The JDK keeps its pollers and a marker socket for ever, from the first use of sockets on. */
  @BeforeAll
  static void useSocketsOnce() throws Exception {
    try (LabNamespace namespace = LabNamespace.create("first-use");
        EchoServer _ = EchoServer.start(namespace, "first", at("127.0.0.1", 7000))) {
      EchoClient.tcp(namespace, at("127.0.0.1", 7000), SECOND);
      EchoClient.udp(namespace, at("127.0.0.1", 7000), SECOND);
    }
  }

  @BeforeEach
  void create() throws Exception {
    descriptors = OpenDescriptors.now();
    lab = Lab.create(LabOptions.of(2).withDualStack(), StandIn.in(tree));
  }

  @AfterEach
  void close() {
    lab.close();
    descriptors.assertNoneAdded();
    assertThat(lab.folder()).doesNotExist();
  }

  private static InetSocketAddress at(String address, int port) {
    return new InetSocketAddress(InetAddress.ofLiteral(address), port);
  }

  @Test
  void nodesReachEachOtherAndTheOutsideByBothFamilies() throws Exception {
    LabNamespace client = lab.node(1).namespace();
    for (String address : lab.node(2).addresses()) {
      try (EchoServer _ = EchoServer.start(lab.node(2).namespace(), "two", at(address, 7000))) {
        EchoAnswer tcp = EchoClient.tcp(client, at(address, 7000), SECOND);
        assertThat(tcp.server()).isEqualTo("two");
        assertThat(tcp.client().getAddress())
            .isIn(lab.node(1).addresses().stream().map(InetAddress::ofLiteral).toList());
        assertThat(EchoClient.udp(client, at(address, 7000), SECOND).server()).isEqualTo("two");
      }
    }
    for (String address : List.of(AddressPlan.OUTSIDE, AddressPlan.OUTSIDE_V6)) {
      try (EchoServer _ = EchoServer.start(lab.outside(), "outside", at(address, 7000))) {
        assertThat(EchoClient.tcp(client, at(address, 7000), SECOND).server()).isEqualTo("outside");
      }
    }
  }

  @Test
  void aPacketProberCountsWhatIsLostAndWhen() throws Exception {
    LabNamespace target = lab.node(2).namespace();
    InetSocketAddress address = at(lab.node(2).address(), 7000);
    try (EchoServer _ = EchoServer.start(target, "two", address);
        PacketProber prober =
            PacketProber.start(
                lab.node(1).namespace(), lab.node(2).namespace(), address, Duration.ofMillis(1))) {
      prober.awaitAnswers(100);
      target.run("ip", "link", "set", "eth0", "down");
      long down = System.nanoTime();
      Await.until("50 ms", SECOND, () -> System.nanoTime() - down > 50_000_000);
      target.run("ip", "link", "set", "eth0", "up");
      prober.awaitAnswers(100);
      PacketProber.Report report = prober.finish();
      assertThat(report.lost()).hasSizeGreaterThan(20).hasSizeLessThan(report.sent() - 200);
      assertThat(report.lost().getFirst().number()).isGreaterThanOrEqualTo(100);
      assertThat(report.answers()).containsOnlyKeys("two");
    }
  }

  @Test
  void aPacketProberLosesNothingWhereNothingIsLost() throws Exception {
    InetSocketAddress address = at(lab.node(2).address(), 7000);
    try (EchoServer _ = EchoServer.start(lab.node(2).namespace(), "two", address);
        PacketProber prober =
            PacketProber.start(
                lab.node(1).namespace(), lab.node(2).namespace(), address, Duration.ofMillis(1))) {
      prober.awaitAnswers(300);
      PacketProber.Report report = prober.finish();
      assertThat(report.isLossless()).as(report.toString()).isTrue();
    }
  }

  @Test
  void aPacketThatNobodyReadsInTimeIsToldFromOneThatTheNetworkLost() throws Exception {
    LabNamespace target = lab.node(2).namespace();
    InetSocketAddress address = at(lab.node(2).address(), 7000);
    try (DatagramSocket idle = target.call(() -> new DatagramSocket(address));
        PacketProber prober =
            PacketProber.start(
                lab.node(1).namespace(), target, address, Duration.ofNanos(50_000))) {
      idle.setReceiveBufferSize(2048);
      Await.until("its buffer is full", SECOND, () -> UnreadDatagrams.count(List.of(target)) > 10);
      PacketProber.Report report = prober.finish();
      assertThat(report.unread()).isGreaterThan(10);
      assertThat(report.lost()).hasSize(report.sent());
      assertThat(report.isLossless()).isFalse();
    }
  }

  @Test
  void aConnectionProberNotesWhoAnsweredAndWhoDidNot() throws Exception {
    InetSocketAddress address = at(lab.node(2).address(), 7000);
    try (ConnectionProber prober = ConnectionProber.start(lab.node(1).namespace(), address)) {
      prober.awaitAttempts(5);
      try (EchoServer _ = EchoServer.start(lab.node(2).namespace(), "two", address)) {
        prober.awaitAttempts(50);
      }
      List<ConnectionProber.Attempt> attempts = prober.finish();
      assertThat(attempts.getFirst().server()).isNull();
      assertThat(attempts.getFirst().failure()).contains("refused");
      assertThat(attempts)
          .filteredOn(attempt -> "two".equals(attempt.server()))
          .hasSizeGreaterThan(40);
    }
  }

  @Test
  void anAgentIsRootWithNetAdminAloneAndDiesWhenKilled() throws Exception {
    Node node = lab.node(1);
    node.startAgent();
    Await.until(
        "the agent wrote its log", SECOND, () -> Files.readString(node.log()).contains("CapBnd"));
    assertThat(Files.readString(node.log()))
        .contains("CapEff:\t0000000000001000")
        .contains("CapBnd:\t0000000000001000");
    ProcessHandle agent = node.agent().handle();
    assertThat(agent.isAlive()).isTrue();
    node.killAgent();
    assertThat(agent.isAlive()).isFalse();
    node.startAgent();
    assertThat(node.agent().handle().pid()).isNotEqualTo(agent.pid());
  }

  @Test
  void theEndOfAnAgentIsReportedWithItsLog() throws Exception {
    Files.writeString(tree.resolve("bin/fairlead"), "#!/bin/sh\necho no capability >&2; exit 1\n");
    lab.node(1).startAgent();
    assertThatIOException()
        .isThrownBy(() -> lab.node(1).waitReady())
        .withMessageContaining("node-1")
        .withMessageContaining("no capability");
  }

  @Test
  void aRefusedAddCarriesTheAnswerAndLeavesNothing() throws Exception {
    assertThatIOException()
        .isThrownBy(() -> lab.node(1).addPod("pod-a"))
        .withMessageContaining("CNI ADD of pod-a on node-1 failed")
        .withMessageContaining("CNI_NETNS=/proc/" + ProcessHandle.current().pid() + "/fd/")
        .withMessageContaining("CNI_ARGS=IgnoreUnknown=1;K8S_POD_NAMESPACE=default;")
        .withMessageContaining("\"cniVersion\":\"1.1.0\"");
    assertThat(lab.node(1).residue().isEmpty()).isTrue();
  }

  @Test
  void residueNamesVethsAndNothingOfTheNodesOwn() throws Exception {
    LabNamespace node = lab.node(1).namespace();
    assertThat(lab.node(1).residue().isEmpty()).isTrue();
    node.ip("link add left type veth peer name behind");
    assertThat(lab.node(1).residue().veths()).containsExactlyInAnyOrder("left", "behind");
  }

  @Test
  void kernelEventsAreRecordedAndTheGenerationGrows() throws Exception {
    LabNamespace node = lab.node(1).namespace();
    try (KernelEvents events = KernelEvents.record(node)) {
      int before = NftGeneration.read(node);
      assertThat(events.seen()).isEmpty();
      node.run("nft", "add", "table", "inet", "mine");
      node.ip(
          "route add 10.9.0.0/24 via 192.168.88.1",
          "neigh add 192.168.88.77 lladdr 02:00:00:00:00:01 nud permanent dev eth0");
      Await.until(
          "all three kinds are seen",
          SECOND,
          () ->
              Stream.of("nftables", "set route by", "set neighbour")
                  .allMatch(kind -> events.seen().toString().contains(kind)));
      assertThat(NftGeneration.read(node)).isEqualTo(before + 1);
    }
  }

  @Test
  void manifestsAppearWhole() throws Exception {
    Node node = lab.node(1);
    lab.manifests().putNode(node, "02:00:00:00:00:01");
    assertThat(lab.manifests().folder().resolve("node-node-1.yaml"))
        .content()
        .contains("podCIDR: \"10.244.1.0/24\"")
        .contains("fairlead.io/vtep-mac: \"02:00:00:00:00:01\"")
        .contains("{type: InternalIP, address: \"192.168.88.11\"}");
    Manifests.Port port = new Manifests.Port("web", "TCP", 80, 8080);
    lab.manifests().putService("web", List.of("10.96.0.80"), port);
    Manifests.Staged staged = lab.manifests().stageEndpoints("web", List.of(), port);
    Path slice = lab.manifests().folder().resolve("endpointslice-web.yaml");
    assertThat(slice).doesNotExist();
    staged.commit();
    assertThat(slice).content().contains("kubernetes.io/service-name: web");
  }
}
