package io.fairlead.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a Service means beyond its cluster IP, through whole agents, in all modes. */
@TestInstance(Lifecycle.PER_CLASS)
class ServicesWholeTest {

  private static final Duration LIMIT = Await.PATIENCE;
  private static final Duration PATIENCE = Duration.ofMillis(500);
  private static final int NODE_PORT = 30080;
  private static final int HEALTH_PORT = 32080;

  private SampleCluster cluster;
  private Node withEndpoint;
  private Node without;

  @BeforeAll
  void start() throws Exception {
    Lab lab = Lab.create(LabOptions.of(2), Whole.distribution());
    cluster = new SampleCluster(lab);
    withEndpoint = lab.node(1);
    without = lab.node(2);
    lab.startAgents();
    cluster.attachPods();
    cluster.publishService();
    putEdge("edge", cluster.podB());
    // Each agent reads the manifests in its own time.
    Await.until(
        "both nodes tell where endpoints are",
        LIMIT,
        () ->
            health(withEndpoint).contains("localEndpoints\":1")
                && health(without).contains("localEndpoints\":0"));
  }

  private String health(Node node) throws InterruptedException {
    try {
      return get(node, HEALTH_PORT, "/");
    } catch (IOException e) {
      return "nobody listens yet: " + e.getMessage();
    }
  }

  @AfterAll
  void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  /** A Service that is reached from outside, with policy Local and one endpoint. */
  private void putEdge(String name, Pod endpoint) throws IOException {
    Manifests manifests = cluster.lab().manifests();
    manifests.put(
        "service-" + name,
        """
        apiVersion: v1
        kind: Service
        metadata: {name: %s, namespace: default}
        spec:
          type: LoadBalancer
          clusterIP: 10.96.0.90
          clusterIPs: [10.96.0.90]
          externalTrafficPolicy: Local
          healthCheckNodePort: %d
          ports:
            - {name: web, protocol: TCP, port: 80, targetPort: 8080, nodePort: %d}
        """
            .formatted(name, HEALTH_PORT, NODE_PORT));
    manifests.put(
        "slice-" + name,
        """
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata:
          name: %s-1
          namespace: default
          labels: {kubernetes.io/service-name: %s}
        addressType: IPv4
        endpoints:
          - {addresses: ["%s"], nodeName: %s}
        ports:
          - {name: web, protocol: TCP, port: 8080}
        """
            .formatted(name, name, endpoint.address().getHostAddress(), endpoint.node().name()));
  }

  private void use(String mode) throws IOException, InterruptedException {
    Whole.requireKernelOf(mode);
    for (Node node : cluster.lab().nodes()) {
      node.configure("proxy-mode", mode);
      Await.until(
          node.name() + " serves by " + mode,
          LIMIT,
          () ->
              node.namespace().run("iptables-nft-save").contains("FAIRLEAD-SERVICES")
                      == mode.equals("iptables")
                  && node.namespace()
                          .run("nft", "list", "table", "inet", "fairlead")
                          .contains("10.96.0.90")
                      == mode.equals("nftables")
                  && node.namespace().run("nft", "list", "ruleset").contains("fairlead-ipvs")
                      == mode.equals("ipvs"));
    }
  }

  private static InetSocketAddress nodePort(Node node) {
    return new InetSocketAddress(InetAddress.ofLiteral(node.address()), NODE_PORT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"iptables", "ipvs", "nftables"})
  @DisplayName("policy Local on a node port: who comes from outside is known, or is not answered")
  void nodePortWithPolicyLocal(String mode) throws Exception {
    use(mode);
    LabNamespace outside = cluster.lab().outside();
    EchoAnswer answer = EchoClient.tcp(outside, nodePort(withEndpoint), LIMIT);
    assertThat(answer.server()).isEqualTo(cluster.podB().name());
    assertThat(answer.client().getAddress().getHostAddress())
        .as("services 26: the client's own address, not the node's")
        .isEqualTo("192.168.88.1");
    assertThat(connects(outside, nodePort(without))).as("services 24").isFalse();
    EchoAnswer fromPod = EchoClient.tcp(cluster.podC().namespace(), nodePort(without), LIMIT);
    assertThat(fromPod.server()).as("services 25").isEqualTo(cluster.podB().name());
  }

  private static boolean connects(LabNamespace from, InetSocketAddress to)
      throws IOException, InterruptedException {
    return from.call(() -> {
      try (Socket socket = new Socket()) {
        socket.connect(to, (int) PATIENCE.toMillis());
        return true;
      } catch (IOException e) {
        return false;
      }
    });
  }

  private static String get(Node node, int port, String path)
      throws IOException, InterruptedException {
    return node.namespace()
        .call(() -> {
          try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
            socket.setSoTimeout((int) LIMIT.toMillis());
            String request = "GET " + path + " HTTP/1.1\r\nHost: node\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
          }
        });
  }

  @Test
  @DisplayName("the health check node port tells load balancers where endpoints are (services 38)")
  void healthCheckNodePort() throws Exception {
    assertThat(get(withEndpoint, HEALTH_PORT, "/"))
        .startsWith("HTTP/1.1 200")
        .contains("\"localEndpoints\":1");
    assertThat(get(without, HEALTH_PORT, "/"))
        .startsWith("HTTP/1.1 503")
        .contains("\"localEndpoints\":0");
  }

  @Test
  @DisplayName("the kernel's counters of a Service are in /metrics, under its name")
  void counters() throws Exception {
    use("nftables");
    EchoClient.tcp(cluster.lab().outside(), nodePort(withEndpoint), LIMIT);
    assertThat(get(withEndpoint, 10256, "/metrics"))
        .containsPattern(
            "fairlead_service_connections_total\\{frontend=\"node port 30080/tcp \\(IPv4\\)\","
                + "namespace=\"default\",service=\"edge\"} [1-9]")
        .containsPattern("fairlead_service_bytes_total\\{frontend=\"node port[^}]*edge\"} [1-9]");
  }

  @Test
  @DisplayName("of two Services with one node port the first has it, and status says so")
  void conflict() throws Exception {
    putEdge("later", cluster.podD());
    try {
      Await.until(
          "status tells of the conflict",
          LIMIT,
          () ->
              withEndpoint
                  .commandLine("status")
                  .out()
                  .contains("Service default/later does not get node port 30080/tcp"));
      assertThat(EchoClient.tcp(cluster.podA().namespace(), nodePort(withEndpoint), LIMIT).server())
          .isEqualTo(cluster.podB().name());
    } finally {
      cluster.lab().manifests().delete("service-later");
      cluster.lab().manifests().delete("slice-later");
    }
  }
}
