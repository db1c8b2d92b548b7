package io.fairlead.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Six broken clusters, each found with at most two commands: what docs/troubleshooting.md shows.
 * The outputs are left in target/troubleshooting.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TroubleshootingWholeTest {

  private static final Path OUTPUTS =
      Path.of(System.getProperty("fairlead.root", "."), "target", "troubleshooting");
  private static final int MOST_COMMANDS = 2;
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private SampleCluster cluster;
  private final List<String> transcript = new ArrayList<>();

  @BeforeAll
  void create() throws Exception {
    cluster = new SampleCluster(Lab.create(LabOptions.of(2), Whole.distribution()));
    cluster.lab().startAgents();
    cluster.attachPods();
    cluster.publishService();
    put("namespace", ClusterYaml.namespace());
    pod(cluster.podA(), "client");
    pod(cluster.podB(), "web");
    pod(cluster.podC(), "client");
    pod(cluster.podD(), "web");
    awaitReached();
  }

  @AfterAll
  void close() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private void put(String name, String yaml) throws IOException {
    cluster.lab().manifests().put(name, yaml);
  }

  private void pod(Pod pod, String app) throws IOException {
    put(
        "pod-" + pod.name(),
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, namespace: default, labels: {app: %s}}
        spec: {nodeName: %s, containers: [{name: main, image: none}]}
        status: {phase: Running, podIPs: [{ip: %s}]}
        """
            .formatted(pod.name(), app, pod.node().name(), pod.address().getHostAddress()));
  }

  private void slice(int port, boolean ready) throws IOException {
    put(
        "endpointslice-web",
        """
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: web-ipv4, namespace: default, labels: {kubernetes.io/service-name: web}}
        addressType: IPv4
        endpoints:
          - {addresses: [%s], nodeName: node-1, conditions: {ready: %s}}
        ports:
          - {name: web, protocol: TCP, port: %d}
        """
            .formatted(cluster.podB().address().getHostAddress(), ready, port));
  }

  private ProgramOutput run(String... words) throws IOException, InterruptedException {
    return cluster.lab().node(1).commandLine(words);
  }

  /** The namespaces of the lab are nowhere where programs look for them. */
  private String netns() {
    return cluster.podA().namespace().path().toString();
  }

  private void awaitReached() throws IOException, InterruptedException {
    Await.until(
        "pod-a reaches the Service",
        Await.PATIENCE,
        () -> run("why", "pod-a", "web:80").exit() == 0);
  }

  /** Runs a command until it tells something; it counts once. */
  private String find(int exit, String told, String... words)
      throws IOException, InterruptedException {
    ProgramOutput[] last = new ProgramOutput[1];
    try {
      Await.until(
          "`fairlead " + String.join(" ", words) + "` tells \"" + told + "\"",
          PATIENCE,
          () -> {
            last[0] = run(words);
            return last[0].exit() == exit && last[0].out().contains(told);
          });
    } catch (IOException e) {
      throw new IOException(e.getMessage() + ", but " + last[0], e);
    }
    String line = String.join(" ", words).replaceAll(" --netns \\S+", "");
    transcript.add("$ fairlead " + line + "\n" + last[0].out());
    return last[0].out();
  }

  private void found(String name) throws IOException {
    assertThat(transcript).as("commands").hasSizeBetween(1, MOST_COMMANDS);
    Files.createDirectories(OUTPUTS);
    Files.writeString(OUTPUTS.resolve(name + ".txt"), String.join("\n", transcript));
    transcript.clear();
  }

  @Test
  @DisplayName("an endpoint that is not ready: the client is refused, and each candidate says why")
  void unreadyEndpoint() throws Exception {
    slice(SampleCluster.POD_PORT, false);
    try {
      find(1, "not ready", "why", "pod-a", "web:80");
      find(0, "not ready", "get", "endpoints", "web");
      found("unready-endpoint");
    } finally {
      cluster.publishEndpoints();
      awaitReached();
    }
  }

  @Test
  @DisplayName("a policy that denies: its name, and the packet that it denied")
  void policy() throws Exception {
    put(
        "policy",
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: only-front, namespace: default}
        spec:
          podSelector: {matchLabels: {app: web}}
          ingress: [{from: [{podSelector: {matchLabels: {app: front}}}]}]
        """);
    try {
      find(
          1,
          "NetworkPolicy default/only-front selects pod default/pod-b for ingress, and no rule"
              + " allows it",
          "why",
          "pod-a",
          "web:80");
      found("policy");
    } finally {
      cluster.lab().manifests().delete("policy");
      awaitReached();
    }
  }

  @Test
  @DisplayName("a wrong targetPort: the way is open, and a real packet is refused by the pod")
  void wrongTargetPort() throws Exception {
    slice(SampleCluster.POD_PORT + 1, true);
    try {
      find(1, "nobody listens at", "why", "pod-a", "web:80", "--probe", "--netns", netns());
      found("wrong-target-port");
    } finally {
      cluster.publishEndpoints();
      awaitReached();
    }
  }

  @Test
  @DisplayName("a map that somebody changes: it is repaired each time, and the changes say so")
  void driftedMap() throws Exception {
    LabNamespace node = cluster.lab().node(1).namespace();
    String element = "10.96.0.80 . tcp . 80";
    for (int i = 0; i < 3; i++) {
      int before = NftGeneration.read(node);
      node.run("nft", "delete element inet fairlead service-ipv4 { " + element + " }");
      Await.until(
          "the agent has repaired the map",
          Await.PATIENCE,
          () ->
              NftGeneration.read(node) - before > 1
                  && node.run("nft", "list", "map", "inet", "fairlead", "service-ipv4")
                      .contains(element));
    }
    find(0, "changed by someone else", "changes", "--since", "1m");
    find(0, "The kernel holds what the agent wants", "verify");
    found("drifted-map");
  }

  @Test
  @DisplayName("a missing route: a Node without an address, named by the step that fails")
  void missingRoute() throws Exception {
    put(
        "node-node-2",
        """
        apiVersion: v1
        kind: Node
        metadata: {name: node-2}
        spec: {podCIDR: 10.244.2.0/24, podCIDRs: [10.244.2.0/24]}
        """);
    try {
      find(
          1,
          "the route to the pods of node-2 10.244.2.0/24 is missing",
          "why",
          "pod-a",
          "pod/pod-d:8080");
      find(0, "node-2", "get", "nodes");
      found("missing-route");
    } finally {
      cluster.lab().publishVteps();
      Await.until(
          "pod-d is reached again",
          Await.PATIENCE,
          () -> run("why", "pod-a", "pod/pod-d:8080").exit() == 0);
    }
  }

  @Test
  @DisplayName("an MTU black hole: small packets arrive, large ones do not, and nobody says so")
  void blackHole() throws Exception {
    LabNamespace underlay = cluster.lab().underlay();
    underlay.run("ip", "link", "set", "dev", "node-2", "mtu", "1400");
    try {
      find(0, "reaches", "why", "pod-a", "pod/pod-d:8080");
      find(
          1,
          "small packet arrives, one of 1450 bytes does not",
          "why",
          "pod-a",
          "pod/pod-d/icmp",
          "--probe",
          "--netns",
          netns(),
          "--probe-size",
          "1450");
      found("mtu-black-hole");
    } finally {
      underlay.run("ip", "link", "set", "dev", "node-2", "mtu", "1500");
    }
  }
}
