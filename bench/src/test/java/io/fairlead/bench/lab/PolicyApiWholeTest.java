package io.fairlead.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fairlead.bench.api.ApiResource;
import io.fairlead.bench.api.ApiServerDouble;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pods of an API server, which tells of them when it likes. */
class PolicyApiWholeTest {

  private static final Duration INTERVAL = Duration.ofMillis(1);
  private static final int PORT = 7000;

  @TempDir private Path folder;
  private @Nullable ApiDouble api;
  private @Nullable Lab lab;
  private @Nullable TcpRelay relay;

  @BeforeEach
  void create() throws Exception {
    ApiDouble double_ = new ApiDouble();
    api = double_;
    Lab made =
        Lab.create(
            LabOptions.of(1).withKubeconfig(ApiDouble.kubeconfig(folder.resolve("kubeconfig"))),
            Whole.distribution());
    lab = made;
    relay = double_.relay(made.node(1));
    double_.create(made.manifests().folder());
    server().apply(ClusterYaml.namespace());
  }

  @AfterEach
  void close() {
    if (lab != null) {
      lab.close();
    }
    if (relay != null) {
      relay.close();
    }
    if (api != null) {
      api.close();
    }
  }

  private Node node() {
    if (lab == null) {
      throw new AssertionError("the lab was not made");
    }
    return lab.node(1);
  }

  private ApiServerDouble server() {
    if (api == null) {
      throw new AssertionError("the API server was not made");
    }
    return api.server();
  }

  /** Creates a Pod in the API and returns its UID. */
  private String announce(String name, String app) throws Exception {
    server().apply(ClusterYaml.pod(name, "node-1", app));
    return server()
        .find(ApiResource.PODS, "default", name)
        .orElseThrow()
        .path("metadata")
        .path("uid")
        .asText();
  }

  private Pod add(String name, String app) throws Exception {
    Pod pod = node().addPod(name, announce(name, app));
    pod.serve(PORT);
    return pod;
  }

  private String admitted() throws IOException, InterruptedException {
    return node().namespace().run("nft", "list", "set", "inet", "fairlead-policy", "admitted-ipv4");
  }

  @Test
  @DisplayName(
      "a pod that the API server has not told of is not attached, and others are not kept waiting"
          + " (faults 29, policy 1)")
  void unannounced() throws Exception {
    node().configure("policy-timeout", "2s");
    node().startAgent();
    node().waitReady();
    IOException refusal = catchThrowableOfType(IOException.class, () -> node().addPod("unknown"));
    assertThat(refusal.getMessage())
        .contains("\"code\":11")
        .contains("the Pod default/unknown is not let in: the agent has no event about it");
    assertThat(node().residue().isEmpty()).as("%s", node().residue()).isTrue();
    assertThat(admitted()).doesNotContain("10.244.1.");

    List<CompletableFuture<@Nullable Void>> waiting = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String name = "unknown-" + i;
      waiting.add(
          CompletableFuture.runAsync(
              () -> {
                try {
                  node().addPod(name);
                } catch (IOException | InterruptedException e) {
                  throw new CompletionException(e);
                }
              },
              task -> Thread.ofPlatform().start(task)));
    }
    Pod known = add("known", "app");
    assertThat(waiting)
        .as("those who wait when the known one is in")
        .anyMatch(one -> !one.isDone());
    known.delete();
    for (CompletableFuture<@Nullable Void> one : waiting) {
      assertThat(catchThrowableOfType(CompletionException.class, one::join)).isNotNull();
    }
    Await.until("nothing is left", Await.PATIENCE, () -> node().residue().isEmpty());

    Pod late = add("unknown", "app");
    assertThat(admitted()).contains(late.address().getHostAddress());
  }

  @Test
  @DisplayName("a pod that the API server tells of while it waits is attached then (faults 29)")
  void announcedLate() throws Exception {
    node().startAgent();
    node().waitReady();
    String stale = announce("late", "app");
    server().delete(ApiResource.PODS, "default", "late");
    String[] uid = new String[1];
    CompletableFuture<ContainerRuntime.Answer> adding = new CompletableFuture<>();
    try (LabNamespace namespace = LabNamespace.create("late")) {
      // The UID is the API server's to choose, so the pod that waits is one without.
      ContainerRuntime.Attachment attachment =
          new ContainerRuntime.Attachment(
              "a".repeat(64), namespace.path().toString(), "eth0", "default", "late", "", "1.1.0");
      Thread.ofPlatform()
          .start(() -> {
            try {
              adding.complete(node().runtime().execute("ADD", attachment));
            } catch (IOException | InterruptedException e) {
              adding.completeExceptionally(e);
            }
          });
      Await.until(
          "the pod waits",
          Await.PATIENCE,
          () -> node().commandLine("status").out().contains("default/late"));
      assertThat(adding).isNotDone();
      uid[0] = announce("late", "app");
      assertThat(adding.join().isSuccess()).as(adding.join().text()).isTrue();
      assertThat(uid[0]).isNotEqualTo(stale);
      assertThat(node().runtime().execute("DEL", attachment).isSuccess()).isTrue();
    }
  }

  @Test
  @DisplayName(
      "an agent that begins while the API server is away changes nothing (faults 4, faults 5)")
  void apiServerAway() throws Exception {
    server()
        .apply(
            PolicyManifests.policy(
                "server",
                "server",
                "ingress: [{from: [{podSelector: {matchLabels: {app: friend}}}]}]"));
    node().startAgent();
    node().waitReady();
    Pod server = add("server", "server");
    Pod friend = add("friend", "friend");
    Pod stranger = add("stranger", "stranger");
    try (PacketProber allowed =
            PacketProber.start(friend.namespace(), server.namespace(), server.at(PORT), INTERVAL);
        PacketProber denied =
            PacketProber.start(
                stranger.namespace(), server.namespace(), server.at(PORT), INTERVAL)) {
      allowed.awaitAnswers(50);
      server().goDown();
      node().killAgent();
      node().startAgent();
      Await.until(
          "the agent tells that the API server is away",
          Await.PATIENCE,
          () -> node().commandLine("status").out().contains("6443"));
      allowed.awaitAnswers(500);
      server().comeBack();
      node().waitReady();
      allowed.awaitAnswers(200);
      PacketProber.Report passed = allowed.finish();
      assertThat(passed.isLossless()).as("allowed: %s", passed).isTrue();
      PacketProber.Report stopped = denied.finish();
      assertThat(stopped.answers()).as("denied: %s", stopped).isEmpty();
    }
  }
}
