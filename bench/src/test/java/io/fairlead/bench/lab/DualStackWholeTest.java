package io.fairlead.bench.lab;

import static io.fairlead.bench.lab.DualStackCluster.LIMIT;
import static io.fairlead.bench.lab.DualStackCluster.POD_PORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.fairlead.bench.lab.DualStackCluster.DualService;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Everything that pods do, by IPv4 and by IPv6, on the same two nodes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DualStackWholeTest {

  /** Less than the second after which TCP sends its first segment again. */
  private static final Duration AT_ONCE = Duration.ofMillis(500);

  private final DualStackCluster cluster;

  DualStackWholeTest() throws Exception {
    cluster = new DualStackCluster();
  }

  @AfterAll
  void close() {
    cluster.close();
  }

  /** Asks by TCP and UDP; {@code client} is whom the server must see. */
  private static void assertAnswered(
      LabNamespace from, InetSocketAddress to, Set<String> servers, InetAddress client)
      throws Exception {
    for (EchoAnswer answer :
        List.of(EchoClient.tcp(from, to, LIMIT), EchoClient.udp(from, to, LIMIT))) {
      assertThat(servers).contains(answer.server());
      assertThat(answer.client().getAddress()).as("seen by %s", to).isEqualTo(client);
    }
  }

  private static void assertReached(AddressFamily family, Pod from, Pod to) throws Exception {
    InetSocketAddress target = to.at(family, POD_PORT);
    assertAnswered(from.namespace(), target, Set.of(to.name()), from.address(family));
  }

  @ParameterizedTest
  @EnumSource
  void podsReachEachOther(AddressFamily family) throws Exception {
    assertReached(family, cluster.podA, cluster.podB);
    assertReached(family, cluster.podB, cluster.podA);
    long before = tunnelled();
    assertReached(family, cluster.podA, cluster.podC);
    assertReached(family, cluster.podD, cluster.podB);
    assertThat(tunnelled()).as("packets through the tunnel").isGreaterThan(before);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("the first packets to a node's first pod do not wait (pod-network 36, faults 28)")
  void firstPackets(AddressFamily family) {
    System.out.println("first " + family + " answer: " + cluster.firstAnswers.get(family));
    assertThat(cluster.firstAnswers.get(family)).isLessThan(AT_ONCE);
  }

  @Test
  @DisplayName("host-gw and back in both families (pod-network 49)")
  void hostGateway() throws Exception {
    switchTo("host-gw", "eth0");
    long before = tunnelled();
    for (AddressFamily family : AddressFamily.values()) {
      assertReached(family, cluster.podA, cluster.podC);
      assertReached(family, cluster.podD, cluster.podB);
    }
    assertThat(tunnelled()).as("packets through the tunnel").isLessThanOrEqualTo(before);
    switchTo("vxlan", "fairlead-vxlan");
    for (AddressFamily family : AddressFamily.values()) {
      assertReached(family, cluster.podA, cluster.podC);
    }
  }

  private void switchTo(String mode, String device) throws Exception {
    for (Node node : cluster.lab.nodes()) {
      node.configure("overlay", mode);
    }
    for (AddressFamily family : AddressFamily.values()) {
      cluster.awaitDevice(family, device);
    }
  }

  /** Packets that node-1 has sent by VXLAN; 0 without a device. */
  private long tunnelled() throws Exception {
    LabNamespace node = cluster.lab.node(1).namespace();
    return node.run("cat", "/proc/self/net/dev")
        .lines()
        .map(String::strip)
        .filter(line -> line.startsWith("fairlead-vxlan:"))
        .mapToLong(line -> Long.parseLong(line.split("[:\\s]+", -1)[10]))
        .sum();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("pods of both nodes and the nodes themselves reach a Service's endpoints")
  void service(AddressFamily family) throws Exception {
    DualService service = cluster.publish(List.of(cluster.podB, cluster.podD));
    Set<String> servers = Set.of("pod-b", "pod-d");
    for (Pod client : List.of(cluster.podA, cluster.podC)) {
      DualStackCluster.awaitAnswers(client.namespace(), service);
      for (int i = 0; i < 10; i++) {
        assertAnswered(client.namespace(), service.at(family), servers, client.address(family));
      }
      assertThat(EchoClient.shares(client.namespace(), service.at(family), 100, LIMIT))
          .containsOnlyKeys(servers);
    }
    for (Node node : cluster.lab.nodes()) {
      assertThat(EchoClient.shares(node.namespace(), service.at(family), 100, LIMIT))
          .containsOnlyKeys(servers);
      assertThat(EchoClient.udp(node.namespace(), service.at(family), LIMIT).server())
          .isIn(servers);
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName(
      "a pod reaches itself through its Service, masqueraded (services 33, pod-network 32)")
  void hairpin(AddressFamily family) throws Exception {
    DualService service = cluster.publish(List.of(cluster.podB));
    LabNamespace self = cluster.podB.namespace();
    DualStackCluster.awaitAnswers(self, service);
    for (EchoAnswer answer :
        List.of(
            EchoClient.tcp(self, service.at(family), LIMIT),
            EchoClient.udp(self, service.at(family), LIMIT))) {
      assertThat(answer.server()).isEqualTo("pod-b");
      assertThat(answer.client().getAddress()).isNotEqualTo(cluster.podB.address(family));
    }
    assertAnswered(
        cluster.podA.namespace(),
        service.at(family),
        Set.of("pod-b"),
        cluster.podA.address(family));
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("the outside sees the node (pod-network 40)")
  void outside(AddressFamily family) throws Exception {
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.ofLiteral(cluster.lab.outsideAddress(family)), POD_PORT);
    try (EchoServer _ = EchoServer.start(cluster.lab.outside(), "outside", address)) {
      for (Pod pod : List.of(cluster.podA, cluster.podC)) {
        String node = DualStackCluster.pick(family, pod.node().addresses());
        assertAnswered(pod.namespace(), address, Set.of("outside"), InetAddress.ofLiteral(node));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("a Service without endpoints is refused at once (services 23)")
  void noEndpoints(AddressFamily family) throws Exception {
    DualService service = cluster.publish(List.of(cluster.podB));
    LabNamespace node = cluster.lab.node(1).namespace();
    List<LabNamespace> pods = List.of(cluster.podA.namespace(), cluster.podC.namespace());
    for (LabNamespace client : pods) {
      DualStackCluster.awaitAnswers(client, service);
    }
    cluster.putEndpoints(service.name(), List.of());
    for (LabNamespace client : pods) {
      Await.until(
          "the Service answers nobody",
          LIMIT,
          () -> catchThrowable(() -> EchoClient.tcp(client, service.at(family), LIMIT)) != null);
      assertRefused(
          ConnectException.class, () -> EchoClient.tcp(client, service.at(family), LIMIT));
      assertRefused(
          PortUnreachableException.class, () -> EchoClient.udp(client, service.at(family), LIMIT));
    }
    assertRefused(ConnectException.class, () -> EchoClient.tcp(node, service.at(family), LIMIT));
    // The kernel refuses a local datagram with EPERM before its ICMP error can be read.
    assertRefused(IOException.class, () -> EchoClient.udp(node, service.at(family), LIMIT));
  }

  private static void assertRefused(Class<? extends Exception> type, ThrowingCallable question) {
    long start = System.nanoTime();
    Throwable failure = catchThrowable(question);
    assertThat(failure).isInstanceOf(type);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(AT_ONCE);
  }

  @ParameterizedTest
  @EnumSource
  void endpointRemoved(AddressFamily family) throws Exception {
    DualService service = cluster.publish(List.of(cluster.podB, cluster.podD));
    for (Pod client : List.of(cluster.podA, cluster.podC)) {
      DualStackCluster.awaitAnswers(client.namespace(), service);
    }
    cluster.putEndpoints(service.name(), List.of(cluster.podD));
    for (Pod client : List.of(cluster.podA, cluster.podC)) {
      Await.until(
          "only pod-d answers " + client.name(),
          LIMIT,
          () ->
              EchoClient.shares(client.namespace(), service.at(family), 30, LIMIT)
                  .keySet()
                  .equals(Set.of("pod-d")));
    }
  }

  @Test
  @DisplayName("an agent that starts again finds nothing to change (pod-network 53, services 41)")
  void restart() throws Exception {
    DualService service = cluster.publish(cluster.pods());
    DualStackCluster.awaitAnswers(cluster.podA.namespace(), service);
    Node node = cluster.lab.node(1);
    Await.until(
        "the kernel has detected no duplicate address",
        Duration.ofSeconds(10),
        () -> node.namespace().run("ip", "-6", "addr", "show", "tentative").isBlank());
    int generation = NftGeneration.read(node.namespace());
    try (KernelEvents events = KernelEvents.record(node.namespace())) {
      node.killAgent();
      node.startAgent();
      node.waitReady();
      node.restartAgent();
      for (AddressFamily family : AddressFamily.values()) {
        assertReached(family, cluster.podA, cluster.podC);
      }
      assertThat(events.seen()).isEmpty();
    }
    assertThat(NftGeneration.read(node.namespace())).isEqualTo(generation);
  }

  @Test
  @DisplayName("a pod that ends leaves nothing behind in either family")
  void residue() throws Exception {
    Node node = cluster.lab.node(2);
    Residue before = node.residue();
    Pod pod = node.addPod("pod-e");
    pod.serve(POD_PORT);
    DualService service = cluster.publish(List.of(pod));
    DualStackCluster.awaitAnswers(node.namespace(), service);
    for (InetAddress address : pod.addresses()) {
      String written = IpAddress.parse(address.getHostAddress()).toString();
      assertThat(node.residue().rules()).anyMatch(line -> line.contains(written));
    }
    cluster.lab.manifests().deleteService(service.name());
    pod.delete();
    Await.until("nothing is left of pod-e", LIMIT, () -> node.residue().equals(before));
  }
}
