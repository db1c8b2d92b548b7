package io.fairlead.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code fairlead verify} and {@code fairlead simulate} beside an agent. */
class VerifyWholeTest {

  private static final int PORT = 7000;
  private static final String LOOPBACK = "/proc/sys/net/ipv4/conf/fairlead0/route_localnet";

  @TempDir private Path folder;
  private @Nullable Lab lab;

  @BeforeEach
  void create() throws Exception {
    Lab made = Lab.create(LabOptions.of(2), Whole.distribution());
    lab = made;
    made.manifests().put("namespace", ClusterYaml.namespace());
    for (String app : List.of("server", "friend")) {
      made.manifests().put("pod-" + app, ClusterYaml.pod(app, "node-1", app));
    }
    made.manifests()
        .put(
            "policy-server",
            PolicyManifests.policy(
                "server",
                "server",
                "ingress: [{from: [{podSelector: {matchLabels: {app: friend}}}]}]\negress: []"));
    Manifests.Port http = new Manifests.Port("http", "UDP", 80, PORT);
    made.manifests().putService("web", List.of("10.96.0.80"), http);
    made.startAgents();
  }

  @AfterEach
  void close() {
    if (lab != null) {
      lab.close();
    }
  }

  private Node node() {
    if (lab == null) {
      throw new AssertionError("the lab was not made");
    }
    return lab.node(1);
  }

  private ProgramOutput verify(int exit, String... more) throws Exception {
    String[] words = new String[more.length + 1];
    words[0] = "verify";
    System.arraycopy(more, 0, words, 1, more.length);
    ProgramOutput output = node().commandLine(words);
    assertThat(output.exit()).as("%s", output).isEqualTo(exit);
    return output;
  }

  @Test
  @DisplayName("verify is clean, lists hooks of others, finds what lasts and has it repaired")
  void verify() throws Exception {
    node().addPod("server");
    node().addPod("friend");
    int generation = NftGeneration.read(node().namespace());
    String clean = verify(0).out();
    assertThat(clean)
        .containsPattern("services +right +[0-9]+ +.*rules")
        .containsPattern("policies +right +[0-9]+")
        .containsPattern("overlay +right +[0-9]+ +.*routes")
        .containsPattern("guard +right +[0-9]+")
        .containsPattern("pods +right +[0-9]+ +.*links")
        .containsPattern("host +right +[0-9]+ +[0-9]+ settings")
        .doesNotContain("differ");
    assertThat(NftGeneration.read(node().namespace())).isEqualTo(generation);

    node().namespace().run("nft", "add table inet firewalld");
    node()
        .namespace()
        .run(
            "nft",
            "add chain inet firewalld filter_FORWARD { type filter hook forward priority 10; policy"
                + " accept; }");
    node().namespace().run("nft", "add rule inet firewalld filter_FORWARD ct state invalid drop");
    assertThat(verify(0).out()).contains("firewalld").contains("filter_FORWARD");
    assertThat(verify(1, "--only", "sevices").error()).contains("services, ");

    // The kernel does not tell of this one, so that it lasts until an audit.
    node().namespace().run("sh", "-c", "echo 0 > " + LOOPBACK);
    assertThat(verify(2).out())
        .contains("1 differs")
        .contains("net.ipv4.conf.fairlead0.route_localnet = 0");
    verify(0, "--only", "services,policies");
    assertThat(verify(2, "-o", "json").out()).contains("\"kind\" : \"DIFFERENT\"");
    assertThat(verify(0, "--repair").out()).contains("After the repair");
    assertThat(node().namespace().run("cat", LOOPBACK).strip()).isEqualTo("1");
    verify(0);

    node().killAgent();
    verify(1);
  }

  @Test
  @DisplayName("simulate tells what would change and who would be cut, and changes nothing")
  void simulate() throws Exception {
    Pod server = node().addPod("server");
    Pod friend = node().addPod("friend");
    server.serve(PORT);
    EchoClient.udp(friend.namespace(), server.at(PORT), Duration.ofSeconds(5));
    String before = ruleset();
    int generation = NftGeneration.read(node().namespace());

    String denied =
        simulate(0, PolicyManifests.policy("server", "server", "ingress: []\negress: []")).out();
    assertThat(denied)
        .contains("NetworkPolicy  default/server  changed")
        .containsPattern("policies: [0-9]+ changes? in the kernel")
        .contains("services: nothing would change")
        .contains("default/friend (")
        .contains("default/server (")
        .contains("ingress default/server");

    String removed = simulate(0, PolicyManifests.policy("server", "server", ""), "--delete").out();
    assertThat(removed)
        .contains("removed")
        .contains("  remove in ")
        .contains("No connection of now would be cut");

    String added = simulate(0, service("other", "10.96.0.81")).out();
    assertThat(added)
        .containsPattern("services: [0-9]+ changes? in the kernel")
        .contains("+ 10.96.0.81 . udp . 80")
        .contains("policies: nothing would change");
    assertThat(simulate(0, service("other", "10.96.0.80")).out())
        .contains("does not get 10.96.0.80");

    String wrong =
        "apiVersion: v1\nkind: Service\nmetadata: {name: bad}\nspec: {clusterIP: nonsense, ports:"
            + " [{port: 99999}]}\n---\n"
            + service("other", "10.96.0.81");
    ProgramOutput half = simulate(1, wrong);
    assertThat(half.out()).contains("left out").contains("+ 10.96.0.81 . udp . 80");
    assertThat(simulate(1, "kind: [").error()).contains("is not well-formed");

    assertThat(NftGeneration.read(node().namespace())).isEqualTo(generation);
    assertThat(ruleset()).isEqualTo(before);
    verify(0);
  }

  private String ruleset() throws Exception {
    return node()
        .namespace()
        .run("nft", "-s", "list", "ruleset")
        .replaceAll("packets \\d+ bytes \\d+", "");
  }

  private static String service(String name, String address) {
    return """
    apiVersion: v1
    kind: Service
    metadata: {name: %s, namespace: default, creationTimestamp: "2026-01-01T00:00:00Z"}
    spec: {clusterIP: %s, clusterIPs: [%s], ports: [{name: a, protocol: UDP, port: 80}]}
    """
        .formatted(name, address, address);
  }

  private ProgramOutput simulate(int exit, String manifests, String... more)
      throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("objects.yaml"), manifests);
    String[] words = new String[more.length + 3];
    words[0] = "simulate";
    words[1] = "-f";
    words[2] = file.toString();
    System.arraycopy(more, 0, words, 3, more.length);
    ProgramOutput output = node().commandLine(words);
    assertThat(output.exit()).as("%s", output).isEqualTo(exit);
    return output;
  }
}
