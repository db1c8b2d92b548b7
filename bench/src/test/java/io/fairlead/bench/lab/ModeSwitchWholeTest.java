package io.fairlead.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.netlink.generic.MissingFamilyException;
import io.fairlead.dataplane.netlink.ipvs.IpvsSocket;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The proxy mode changes while clients connect: services 57. New connections always find an
 * endpoint, one that exists goes on, and nothing of the old mode stays.
 */
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ModeSwitchWholeTest {

  private static final Duration LIMIT = Await.PATIENCE;
  private static final int CONNECTIONS_BETWEEN = 50;

  private SampleCluster cluster;

  @BeforeAll
  void start() throws Exception {
    Lab lab = Lab.create(LabOptions.of(2), Whole.distribution());
    cluster = new SampleCluster(lab);
    lab.startAgents();
    cluster.attachPods();
    cluster.publishService();
    Await.until("the Service works", LIMIT, () -> served(lab.node(1), "nftables"));
  }

  @AfterAll
  void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static String nftables(Node node) throws IOException, InterruptedException {
    return node.namespace().run("nft", "list", "table", "inet", "fairlead");
  }

  private static String iptables(Node node) throws IOException, InterruptedException {
    return node.namespace().run("iptables-nft-save") + node.namespace().run("ip6tables-nft-save");
  }

  /** Whether the node has the Service in this mode, and nothing of it in the other one. */
  private static boolean served(Node node, String mode) throws IOException, InterruptedException {
    boolean inNftables = nftables(node).contains("10.96.0.80");
    boolean inIptables = iptables(node).contains("FAIRLEAD");
    boolean inIpvs = node.namespace().run("nft", "list", "tables").contains("inet fairlead-ipvs");
    return inNftables == mode.equals("nftables")
        && inIptables == mode.equals("iptables")
        && inIpvs == mode.equals("ipvs");
  }

  /** A connection of pod-a through the Service that stays open. */
  private Socket connect() throws IOException, InterruptedException {
    return cluster
        .podA()
        .namespace()
        .call(() -> {
          Socket socket = new Socket();
          socket.connect(cluster.service(), 1000);
          socket.setSoTimeout(1000);
          return socket;
        });
  }

  private static String ask(Socket socket) throws IOException {
    socket.getOutputStream().write("question\n".getBytes(StandardCharsets.UTF_8));
    BufferedReader answers =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    return String.valueOf(answers.readLine());
  }

  private void switchTo(String mode) throws IOException, InterruptedException {
    for (Node node : cluster.lab().nodes()) {
      node.configure("proxy-mode", mode);
    }
    for (Node node : cluster.lab().nodes()) {
      Await.until(node.name() + " serves by " + mode, LIMIT, () -> served(node, mode));
    }
  }

  @Test
  @Order(1)
  @DisplayName("nftables to iptables and back under connections: none fails, nothing stays")
  void switchesWithoutLoss() throws Exception {
    try (Socket lasting = connect();
        ConnectionProber prober =
            ConnectionProber.start(cluster.podA().namespace(), cluster.service())) {
      String server = ask(lasting);
      prober.awaitAttempts(CONNECTIONS_BETWEEN);
      for (String mode : List.of("iptables", "nftables", "iptables", "nftables")) {
        switchTo(mode);
        prober.awaitAttempts(CONNECTIONS_BETWEEN);
        assertThat(ask(lasting))
            .as("the connection from before, in mode %s", mode)
            .isEqualTo(server);
      }
      List<String> failures = new ArrayList<>();
      List<ConnectionProber.Attempt> attempts = prober.finish();
      attempts.stream()
          .filter(attempt -> attempt.failure() != null)
          .forEach(attempt -> failures.add(String.valueOf(attempt.failure())));
      System.out.printf(
          "mode switches: %d connections, %d failed%n", attempts.size(), failures.size());
      assertThat(failures).isEmpty();
    }
  }

  @Test
  @Order(4)
  @DisplayName("an agent that starts in another mode removes what the one before it left")
  void startInAnotherMode() throws Exception {
    Node node = cluster.lab().node(1);
    node.configure("proxy-mode", "iptables");
    Await.until("node-1 serves by iptables", LIMIT, () -> served(node, "iptables"));
    node.killAgent();
    node.configure("proxy-mode", "nftables");
    node.startAgent();
    node.waitReady();
    Await.until("node-1 serves by nftables", LIMIT, () -> served(node, "nftables"));
  }

  private void assumeIpvs() throws Exception {
    String missing =
        cluster
            .lab()
            .node(1)
            .namespace()
            .call(() -> {
              try (IpvsSocket _ = IpvsSocket.open()) {
                return "";
              } catch (MissingFamilyException e) {
                return String.valueOf(e.getMessage());
              }
            });
    Assumptions.assumeTrue(missing.isEmpty(), missing);
  }

  /** Local routes that make Services' addresses the node's. */
  private static String routes(Node node) throws IOException, InterruptedException {
    return node.namespace().run("ip", "route", "show", "table", "local", "proto", "102");
  }

  @Test
  @Order(2)
  @DisplayName("through ipvs and back under connections: no new one fails, nothing stays")
  void switchesThroughIpvs() throws Exception {
    assumeIpvs();
    switchTo("nftables");
    try (ConnectionProber prober =
        ConnectionProber.start(cluster.podA().namespace(), cluster.service())) {
      for (String mode : List.of("ipvs", "iptables", "ipvs", "nftables")) {
        switchTo(mode);
        prober.awaitAttempts(CONNECTIONS_BETWEEN);
        assertThat(routes(cluster.lab().node(1)).isEmpty()).isEqualTo(!mode.equals("ipvs"));
      }
      List<String> failures = new ArrayList<>();
      prober.finish().stream()
          .filter(attempt -> attempt.failure() != null)
          .forEach(attempt -> failures.add(String.valueOf(attempt.failure())));
      // One that is just being made when ipvs goes ends with it, and only then.
      assertThat(failures).hasSizeLessThanOrEqualTo(2);
    }
  }

  @Test
  @Order(3)
  @DisplayName("a kernel without IPVS serves Services all the same, and the status says why")
  void withoutIpvs() throws Exception {
    Node node = cluster.lab().node(1);
    boolean hasIpvs =
        node.namespace()
            .call(() -> {
              try (IpvsSocket _ = IpvsSocket.open()) {
                return true;
              } catch (MissingFamilyException e) {
                return false;
              }
            });
    Assumptions.assumeFalse(hasIpvs, "this kernel has IPVS");
    switchTo("nftables");
    node.configure("proxy-mode", "ipvs");
    Await.until(
        "the status names the module",
        LIMIT,
        () -> {
          String status = node.commandLine("status").out();
          return status.contains("modprobe ip_vs") && status.contains("nftables until ipvs");
        });
    try (Socket socket = connect()) {
      assertThat(ask(socket)).isNotEqualTo("null");
    }
    node.configure("proxy-mode", "nftables");
    Await.until("node-1 serves by nftables", LIMIT, () -> served(node, "nftables"));
  }

  @Test
  @Order(5)
  @DisplayName("fairlead cleanup removes the chains of iptables, and says so (services 57)")
  void cleanup() throws Exception {
    Node node = cluster.lab().node(2);
    node.configure("proxy-mode", "iptables");
    Await.until("node-2 serves by iptables", LIMIT, () -> served(node, "iptables"));
    node.killAgent();
    ProgramOutput cleanup =
        node.commandLine("cleanup", "--state-dir", node.stateFolder().toString());
    assertThat(cleanup.out()).containsPattern("delete \\d+ chains of iptables-nft");
    assertThat(iptables(node)).doesNotContain("FAIRLEAD");
    assertThat(cleanup.exit()).isZero();
  }
}
