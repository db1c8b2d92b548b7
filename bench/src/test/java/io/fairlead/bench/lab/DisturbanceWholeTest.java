package io.fairlead.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What others do to a node behind the agent's back, and agents that meet each other. */
class DisturbanceWholeTest {

  /** Repair is by events: far less than the period of the audit. */
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private static final int CLIENT_PORT = 40_000;
  private static final int CLIENT_PORTS = 8;

  /** What begins to be forgotten with a repair is forgotten by then. */
  private static final Duration SETTLED = Duration.ofMillis(500);

  private @Nullable SampleCluster cluster;

  @BeforeEach
  void create() throws Exception {
    Distribution distribution = Whole.distribution();
    cluster = new SampleCluster(Lab.create(LabOptions.of(2), distribution));
    cluster().lab().startAgents();
    cluster().attachPods();
    cluster().publishService();
    Await.until("the Service answers", LIMIT, this::serviceAnswers);
  }

  @AfterEach
  void close() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private SampleCluster cluster() {
    if (cluster == null) {
      throw new AssertionError("the lab was not made");
    }
    return cluster;
  }

  private Node node() {
    return cluster().lab().node(1);
  }

  private boolean serviceAnswers() {
    return answers(cluster().service());
  }

  private boolean answers(InetSocketAddress address) {
    try {
      EchoClient.tcp(cluster().podA().namespace(), address, Duration.ofMillis(200));
      return true;
    } catch (java.io.IOException | InterruptedException e) {
      return false;
    }
  }

  /** The node's own objects, without what counts packets or time, and without link numbers. */
  private String state() throws Exception {
    String links = "";
    for (String line : node().namespace().run("ip", "-br", "link").lines().sorted().toList()) {
      links += line.replaceAll("@\\S+", "").replaceAll("<.*", "") + "\n";
    }
    return links
        + node().namespace().run("ip", "-4", "-br", "addr", "show", "dev", "fairlead0")
        + node().namespace().run("ip", "route")
        + node().namespace().run("ip", "neigh", "show", "nud", "permanent")
        + node().namespace().tryRun("bridge", "fdb", "show", "dev", "fairlead-vxlan").out()
        + node()
            .namespace()
            .run("nft", "-s", "list", "table", "inet", "fairlead")
            .replaceAll("packets \\d+ bytes \\d+", "");
  }

  @Test
  @DisplayName("settings of the kernel that others reset come back (pod-network 34)")
  void settings() throws Exception {
    for (String setting : List.of("net.ipv4.ip_forward", "net.bridge.bridge-nf-call-iptables")) {
      node().namespace().run("sysctl", "-qw", setting + "=0");
      Duration taken =
          Await.until(
              setting + " is set again",
              Await.PATIENCE,
              () -> node().namespace().run("sysctl", "-n", setting).strip().equals("1"));
      System.out.println(setting + " was set again after " + taken.toMillis() + " ms");
      Await.until("the Service answers", LIMIT, this::serviceAnswers);
    }
  }

  @Test
  @DisplayName(
      "tables, routes, entries and links that others take away come back at once"
          + " (faults 18, pod-network 29, 39, 44, 45, services 43)")
  void repaired() throws Exception {
    String expected = state();
    String port =
        node().namespace().run("ip", "-br", "link", "show", "master", "fairlead0").split("@", 2)[0];
    List<String> deeds =
        List.of(
            "nft flush ruleset",
            "nft delete table inet fairlead",
            "nft flush table inet fairlead",
            "ip route flush proto 102",
            "bridge fdb flush dev fairlead-vxlan",
            "ip neigh flush dev fairlead-vxlan nud permanent",
            "ip link set fairlead-vxlan down",
            "ip link set fairlead-vxlan address 02:00:00:00:00:01",
            "ip link delete fairlead-vxlan",
            "ip address flush dev fairlead0",
            "ip link set fairlead0 down",
            "ip link set fairlead0 mtu 1400",
            "ip link set " + port + " nomaster",
            "ip link set " + port + " down",
            "ip link delete fairlead0");
    List<String> times = new ArrayList<>();
    for (String deed : deeds) {
      node().namespace().run(deed.split(" "));
      Duration repaired =
          Await.until(
              "repaired after: " + deed,
              LIMIT,
              () -> {
                try {
                  return state().equals(expected);
                } catch (Exception e) {
                  return false; // A table or link is missing still.
                }
              });
      times.add(deed + ": " + repaired.toMillis() + " ms");
      Await.until("the Service answers after: " + deed, LIMIT, this::serviceAnswers);
      assertThat(answers(cluster().podD().at(8080))).as("the other node, after %s", deed).isTrue();
    }
    assertThat(node().commandLine("status").exit()).as("%s", times).isZero();
  }

  @Test
  @DisplayName(
      "a second agent, and cleanup under a running one, are refused, whatever their sockets")
  void oneAgent() throws Exception {
    String expected = state();
    ProgramOutput cleanup = node().commandLine("cleanup");
    assertThat(cleanup.exit()).isEqualTo(1);
    assertThat(cleanup.error()).contains("An agent runs here").contains("Stop it first");
    String launcher = Whole.distribution().launcher().toString();
    String state = node().stateFolder().toString();
    String elsewhere = node().stateFolder().resolveSibling("elsewhere.sock").toString();
    ProgramOutput second =
        node()
            .namespace()
            .tryRun(
                launcher,
                "agent",
                "--manifests",
                cluster().lab().manifests().folder().toString(),
                "--state-dir",
                state,
                "--admin-socket",
                elsewhere,
                "--cni-socket",
                elsewhere + "2",
                "--metrics-address",
                "127.0.0.1:0");
    assertThat(second.exit()).isEqualTo(1);
    assertThat(second.error())
        .isEqualTo(
            "fairlead: Another fairlead agent uses the state folder "
                + state
                + ". Stop it; one agent serves a node.\n");
    ProgramOutput astray =
        node()
            .namespace()
            .tryRun(launcher, "cleanup", "--state-dir", state, "--admin-socket", elsewhere);
    assertThat(astray.exit()).isEqualTo(1);
    assertThat(astray.error()).contains("An agent runs here").contains(state);
    assertThat(state()).isEqualTo(expected);
  }

  @Test
  @DisplayName(
      "a manifest that was damaged while the agent was down takes nothing away (faults 1, 9, 14)")
  void damagedManifest() throws Exception {
    String before = state();
    node().killAgent();
    for (String name : List.of("service-web", "endpointslice-web")) {
      Files.writeString(
          cluster().lab().manifests().folder().resolve(name + ".yaml"), "{apiVersion: v1, kin");
    }
    node().startAgent();
    node().waitReady();
    assertThat(state()).isEqualTo(before);
    assertThat(node().commandLine("status").out()).contains("is not well-formed");
    assertThat(serviceAnswers()).isTrue();
  }

  @Test
  @DisplayName("Services go and come with proxy-mode none, the base table stays; cleanup is whole")
  void proxyModeNone() throws Exception {
    InetAddress address = cluster().service().getAddress();
    node().configure("proxy-mode", "none");
    Await.until(
        "the Service is gone",
        LIMIT,
        () -> !nft("list", "table", "inet", "fairlead").contains(address.getHostAddress()));
    assertThat(answers(cluster().podD().at(8080))).isTrue();
    node().configure("proxy-mode", "nftables");
    Await.until("the Service is back", LIMIT, this::serviceAnswers);
    nft("add", "table", "inet", "fairlead2");
    node().namespace().run("ip", "link", "add", "fairleadx", "type", "bridge");
    node().namespace().run("ip", "route", "add", "10.77.0.0/24", "via", node().address());
    node().stopAgent();
    ProgramOutput cleanup =
        node().commandLine("cleanup", "--state-dir", node().stateFolder().toString());
    assertThat(cleanup.exit()).as(cleanup.error()).isZero();
    assertThat(nft("list", "tables")).isEqualTo("table inet fairlead2\n");
    assertThat(node().namespace().run("ip", "link"))
        .contains("fairleadx")
        .doesNotContain("fairlead0", "fairlead-vxlan", "veth");
    assertThat(node().namespace().run("ip", "route"))
        .contains("10.77.0.0/24")
        .doesNotContain("10.244.");
    ProgramOutput again =
        node().commandLine("cleanup", "--state-dir", node().stateFolder().toString());
    assertThat(again.out() + again.error()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "nftables, STOP, nft delete table inet fairlead",
    "nftables, STOP, nft flush table inet fairlead",
    "nftables, KILL, nft delete table inet fairlead",
    "iptables, STOP, nft flush ruleset",
    "iptables, KILL, nft flush ruleset"
  })
  @DisplayName(
      "a client that sends from one port all the time, from before the rules were repaired, is"
          + " served after it, and one that connects again from its port (faults 18, services 43)")
  void sendingThroughTheGap(String mode, String signal, String deed) throws Exception {
    node().configure("proxy-mode", mode);
    Await.until("Services are in mode " + mode, LIMIT, () -> isServing(mode));
    try (DatagramSocket socket = cluster().podA().namespace().call(() -> new DatagramSocket())) {
      socket.connect(cluster().service());
      socket.setSoTimeout(100);
      String agent = Long.toString(node().agent().handle().pid());
      if (signal.equals("KILL")) {
        node().killAgent();
      } else {
        node().namespace().run("kill", "-STOP", agent);
      }
      try {
        node().namespace().run(deed.split(" "));
        assertThat(isAnswered(socket)).as("in the gap after %s", deed).isFalse();
        assertThat(connects()).as("in the gap after %s", deed).isFalse();
      } finally {
        if (signal.equals("KILL")) {
          node().startAgent();
        } else {
          node().namespace().run("kill", "-CONT", agent);
        }
      }
      node().waitReady();
      Await.until("served after " + deed, LIMIT, () -> isAnswered(socket));
      Await.until("connected after " + deed, LIMIT, this::connects);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"fairlead0", "fairlead-vxlan"})
  @DisplayName(
      "what a node begins while the way to pods is missing is not lost once more after the repair"
          + " (faults 39, pod-network 44)")
  void connectingWithoutAWay(String link) throws Exception {
    String agent = Long.toString(node().agent().handle().pid());
    node().namespace().run("kill", "-STOP", agent);
    try {
      node().namespace().run("ip", "link", "delete", link);
      for (int port = CLIENT_PORT; port < CLIENT_PORT + CLIENT_PORTS; port++) {
        var _ = connects(node().namespace(), port);
      }
    } finally {
      node().namespace().run("kill", "-CONT", agent);
    }
    for (Pod pod : List.of(cluster().podB(), cluster().podD())) {
      Await.until(
          "the node reaches " + pod.name(),
          LIMIT,
          () -> {
            try {
              EchoClient.tcp(node().namespace(), pod.at(8080), Duration.ofMillis(200));
              return true;
            } catch (IOException | InterruptedException e) {
              return false;
            }
          });
    }
    Thread.sleep(SETTLED.toMillis());
    List<Integer> lost = new ArrayList<>();
    for (int port = CLIENT_PORT; port < CLIENT_PORT + CLIENT_PORTS; port++) {
      if (!connects(node().namespace(), port)) {
        lost.add(port);
      }
    }
    assertThat(lost).as("ports from which a connection failed").isEmpty();
  }

  private boolean isServing(String mode) {
    try {
      return node().commandLine("status").out().contains("backend " + mode + ",");
    } catch (IOException | InterruptedException e) {
      return false;
    }
  }

  /** From the same port each time. */
  private boolean connects() {
    return connects(cluster().podA().namespace(), CLIENT_PORT);
  }

  private boolean connects(LabNamespace from, int port) {
    try {
      return from.call(() -> {
        try (Socket socket = new Socket()) {
          socket.setReuseAddress(true);
          socket.setSoLinger(true, 0);
          socket.bind(new InetSocketAddress(port));
          socket.connect(cluster().service(), 300);
          return true;
        }
      });
    } catch (IOException | InterruptedException e) {
      return false; // Nothing, or that nobody is there.
    }
  }

  private static boolean isAnswered(DatagramSocket socket) {
    try {
      socket.send(new DatagramPacket("question".getBytes(StandardCharsets.US_ASCII), 8));
      socket.receive(new DatagramPacket(new byte[512], 512));
      return true;
    } catch (IOException e) {
      return false; // Nothing, or that nobody is there.
    }
  }

  private String nft(String... arguments) throws java.io.IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("nft"));
    command.addAll(List.of(arguments));
    return node().namespace().run(command.toArray(String[]::new));
  }
}
