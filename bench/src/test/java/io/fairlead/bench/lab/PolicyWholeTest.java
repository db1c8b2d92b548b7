package io.fairlead.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What policies allow and deny while agents end, begin and are disturbed. */
class PolicyWholeTest {

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration INTERVAL = Duration.ofMillis(1);
  private static final int PORT = 7000;

  private @Nullable Lab lab;

  @BeforeEach
  void create() throws Exception {
    lab = Lab.create(LabOptions.of(1), Whole.distribution());
    put("namespace", ClusterYaml.namespace());
    for (String app : List.of("server", "friend", "stranger")) {
      put("pod-" + app, ClusterYaml.pod(app, "node-1", app));
    }
    put(
        "policy-server",
        PolicyManifests.policy(
            "server",
            "server",
            "ingress: [{from: [{podSelector: {matchLabels: {app: friend}}}]}]\negress: []"));
    lab.startAgents();
  }

  @AfterEach
  void close() {
    if (lab != null) {
      lab.close();
    }
  }

  private Lab lab() {
    if (lab == null) {
      throw new AssertionError("the lab was not made");
    }
    return lab;
  }

  private Node node() {
    return lab().node(1);
  }

  private void put(String name, String yaml) throws IOException {
    lab().manifests().put(name, yaml);
  }

  private Pod server() throws Exception {
    Pod pod = node().addPod("server");
    pod.serve(PORT);
    return pod;
  }

  private static boolean answers(Pod from, InetSocketAddress to) {
    try {
      EchoClient.udp(from.namespace(), to, Duration.ofMillis(300));
      return true;
    } catch (IOException | InterruptedException e) {
      return false;
    }
  }

  /** Without counts, and without the flows that were cut meanwhile, which time out. */
  private String table() throws IOException, InterruptedException {
    return node()
        .namespace()
        .run("nft", "-s", "list", "table", "inet", "fairlead-policy")
        .replaceAll("packets \\d+ bytes \\d+", "")
        .replaceAll("(of flows that were cut\"\\n)\\s*elements = \\{[^}]*}\\n", "$1");
  }

  @Test
  @DisplayName(
      "agents that end, are killed and begin lose nothing that is allowed and let through nothing"
          + " that is denied (policy 8, faults 2, faults 3)")
  void restarts() throws Exception {
    Pod server = server();
    Pod friend = node().addPod("friend");
    Pod stranger = node().addPod("stranger");
    try (PacketProber allowed =
            PacketProber.start(friend.namespace(), server.namespace(), server.at(PORT), INTERVAL);
        PacketProber denied =
            PacketProber.start(
                stranger.namespace(), server.namespace(), server.at(PORT), INTERVAL)) {
      allowed.awaitAnswers(50);
      String before = table();
      node().killAgent();
      allowed.awaitAnswers(200);
      node().startAgent();
      node().waitReady();
      allowed.awaitAnswers(200);
      assertThat(table()).as("the table after kill -9 and a start").isEqualTo(before);
      node().restartAgent();
      allowed.awaitAnswers(200);
      assertThat(table()).as("the table after a restart").isEqualTo(before);
      PacketProber.Report passed = allowed.finish();
      assertThat(passed.isLossless()).as("allowed: %s", passed).isTrue();
      PacketProber.Report stopped = denied.finish();
      assertThat(stopped.answers()).as("denied: %s", stopped).isEmpty();
      assertThat(stopped.sent()).isGreaterThan(500);
    }
  }

  @Test
  @DisplayName("a table that somebody deletes is back at once, and denies again (faults 18)")
  void deletedTable() throws Exception {
    Pod server = server();
    Pod friend = node().addPod("friend");
    Pod stranger = node().addPod("stranger");
    String before = table();
    try (PacketProber denied =
        PacketProber.start(stranger.namespace(), server.namespace(), server.at(PORT), INTERVAL)) {
      for (String deed :
          List.of(
              "nft delete table inet fairlead-policy",
              "nft flush table inet fairlead-policy",
              "nft flush ruleset")) {
        node().namespace().run(deed.split(" "));
        Await.until("restored after " + deed, LIMIT, () -> isTable(before));
        // What slipped through is a connection of its own, and is ended.
        Await.until("denied after " + deed, LIMIT, () -> isQuiet(denied));
        assertThat(answers(stranger, server.at(PORT))).isFalse();
        assertThat(answers(friend, server.at(PORT))).isTrue();
      }
    }
  }

  private boolean isTable(String expected) throws InterruptedException {
    try {
      return table().equals(expected);
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isQuiet(PacketProber prober) throws InterruptedException {
    int before = prober.answered();
    Thread.sleep(100);
    return prober.answered() == before;
  }

  @Test
  @DisplayName(
      "one broken policy of 1,000 denies, is reported, and the others are in force (policy 11)")
  void brokenPolicy() throws Exception {
    Pod server = node().addPod("server");
    for (int i : List.of(1, 500, 1000)) {
      server.serve(20_000 + i);
    }
    Pod stranger = node().addPod("stranger");
    List<String> policies = new ArrayList<>();
    for (int i = 1; i <= 1000; i++) {
      String operator = i == 500 ? "Resembles" : "In";
      policies.add(
          PolicyManifests.policy(
              "p" + i,
              "server",
              "ingress: [{from: [{podSelector: {matchExpressions: [{key: app, operator: "
                  + operator
                  + ", values: [stranger]}]}}], ports: [{protocol: UDP, port: "
                  + (20_000 + i)
                  + "}]}]"));
    }
    put("policies", String.join("---\n", policies));
    Await.until("the last is in force", LIMIT, () -> answers(stranger, server.at(21_000)));
    assertThat(answers(stranger, server.at(20_001))).isTrue();
    assertThat(answers(stranger, server.at(20_500))).isFalse();
    assertThat(node().commandLine("status").out()).contains("default/p500").contains("Resembles");
    assertThat(table()).contains("p499").contains("p501");
  }

  @Test
  @DisplayName("without network-policies nothing is enforced, and nothing is left of it")
  void switchedOff() throws Exception {
    Pod server = server();
    Pod stranger = node().addPod("stranger");
    assertThat(answers(stranger, server.at(PORT))).isFalse();
    node().configure("network-policies", "false");
    node().restartAgent();
    assertThat(node().namespace().run("nft", "list", "tables")).doesNotContain("fairlead-policy");
    assertThat(answers(stranger, server.at(PORT))).isTrue();
    Pod late = node().addPod("late");
    assertThat(answers(late, server.at(PORT))).isTrue();
    node().configure("network-policies", "true");
    node().restartAgent();
    assertThat(answers(stranger, server.at(PORT))).isFalse();
    node().stopAgent();
    assertThat(node().commandLine("cleanup", "--state-dir", node().stateFolder().toString()).exit())
        .isZero();
    assertThat(node().namespace().run("nft", "list", "tables")).isEmpty();
  }
}
