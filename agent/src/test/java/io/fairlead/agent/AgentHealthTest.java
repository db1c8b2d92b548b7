package io.fairlead.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.config.ConfigurationKey;
import io.fairlead.agent.config.ConfigurationReader;
import io.fairlead.agent.loop.IdleSubsystem;
import io.fairlead.agent.loop.Subsystem;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A running agent that drives nothing, asked over HTTP. */
class AgentHealthTest {

  @TempDir private Path folder;

  private Agent start(Path manifests, Subsystem... subsystems) throws Exception {
    ConfigurationReader reader =
        new ConfigurationReader(
            null,
            Map.of(
                ConfigurationKey.MANIFESTS, manifests.toString(),
                ConfigurationKey.STATE_DIR, folder.resolve("state").toString(),
                ConfigurationKey.ADMIN_SOCKET, folder.resolve("admin.sock").toString(),
                ConfigurationKey.CNI_SOCKET, folder.resolve("cni.sock").toString(),
                ConfigurationKey.METRICS_ADDRESS, "127.0.0.1:0"),
            _ -> null,
            "node-a");
    return Agent.start(reader.read(), reader, _ -> List.of(subsystems));
  }

  private static HttpResponse<String> get(Agent agent, String path) {
    return send(agent, "GET", path);
  }

  private static HttpResponse<String> send(Agent agent, String method, String path) {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + agent.metricsPort() + path))
              .method(method, HttpRequest.BodyPublishers.noBody())
              .build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  @DisplayName(
      "/healthz is 503 while the own Node is to be deleted, /livez stays 200 (services 40)")
  void leavingNode() throws Exception {
    Path manifests = Files.createDirectory(folder.resolve("m"));
    Path node = manifests.resolve("node.yaml");
    String stays =
        "{apiVersion: v1, kind: Node, metadata: {name: node-a}, spec: {podCIDR: 10.244.1.0/24}}";
    Files.writeString(node, stays);
    try (Agent agent = start(manifests)) {
      Eventually.holds("ready", () -> get(agent, "/healthz").statusCode() == 200);
      Files.writeString(
          node,
          stays.replace(
              "10.244.1.0/24",
              "10.244.1.0/24, taints: [{key: ToBeDeletedByClusterAutoscaler, effect:"
                  + " NoSchedule}]"));
      Eventually.holds("leaves", () -> get(agent, "/healthz").statusCode() == 503);
      assertThat(get(agent, "/livez").statusCode()).isEqualTo(200);
      Files.writeString(node, stays);
      Eventually.holds("stays after all", () -> get(agent, "/healthz").statusCode() == 200);
      assertThat(get(agent, "/metrics").body())
          .contains("fairlead_health_requests_total{code=\"503\",path=\"/healthz\"}");
    }
  }

  @Test
  @DisplayName("/healthz is 503 once the own Node is deleted, /livez stays 200 (services 40)")
  void deletedNode() throws Exception {
    Path manifests = Files.createDirectory(folder.resolve("m"));
    Path node =
        Files.writeString(
            manifests.resolve("node.yaml"),
            "{apiVersion: v1, kind: Node, metadata: {name: node-a},"
                + " spec: {podCIDR: 10.244.1.0/24}}");
    Files.writeString(
        manifests.resolve("other.yaml"),
        "{apiVersion: v1, kind: Node, metadata: {name: node-b},"
            + " spec: {podCIDR: 10.244.2.0/24}}");
    try (Agent agent = start(manifests)) {
      Eventually.holds("ready", () -> get(agent, "/healthz").statusCode() == 200);
      assertThat(get(agent, "/healthz").headers().firstValue("content-type"))
          .contains("application/json");
      assertThat(get(agent, "/healthz").body()).contains("\"nodeEligible\":true,\"problems\":[]");
      Files.delete(node);
      Eventually.holds("not eligible", () -> get(agent, "/healthz").statusCode() == 503);
      assertThat(get(agent, "/healthz").body())
          .contains("\"lastUpdated\":\"20", "\"nodeEligible\":false,\"problems\":[]");
      assertThat(get(agent, "/livez").statusCode()).isEqualTo(200);
      assertThat(agent.isHealthy()).as("the node leaves, the agent works").isTrue();
    }
  }

  @Test
  @DisplayName("the metrics port is for reading three paths: nothing of the admin socket is there")
  void metricsPortIsReadOnly() throws Exception {
    Path manifests = Files.createDirectory(folder.resolve("m"));
    try (Agent agent = start(manifests)) {
      assertThat(agent.adminPaths())
          .contains("/status", "/log", "/threads", "/verify", "/simulate", "/metrics");
      List<String> open = List.of("/metrics", "/healthz", "/livez");
      for (String path : agent.adminPaths()) {
        for (String asked : List.of(path, path + "?x=1", path + "/", "/" + path)) {
          if (!open.contains(asked.replace("?x=1", ""))) {
            assertThat(get(agent, asked).statusCode()).as("GET " + asked).isEqualTo(404);
          }
        }
      }
      for (String path : agent.adminPaths()) {
        for (String method : List.of("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE")) {
          assertThat(send(agent, method, path).statusCode()).as(method + " " + path).isEqualTo(405);
        }
      }
      for (String path : open) {
        assertThat(send(agent, "HEAD", path).statusCode()).as("HEAD " + path).isLessThan(504);
        assertThat(send(agent, "POST", path).statusCode()).as("POST " + path).isEqualTo(405);
      }
    }
  }

  /** Asks the agent for its health while the agent closes it. */
  private static final class AskedLast extends IdleSubsystem implements AutoCloseable {

    private @Nullable Agent agent;
    private int health;

    AskedLast() {
      super("asked");
    }

    @Override
    public void close() {
      health = get(Objects.requireNonNull(agent), "/healthz").statusCode();
    }
  }

  @Test
  @DisplayName("an agent that stops says so before anything of it is closed")
  void stops() throws Exception {
    AskedLast last = new AskedLast();
    try (Agent agent = start(Files.createDirectory(folder.resolve("m")), last)) {
      last.agent = agent;
      Eventually.holds("ready", () -> get(agent, "/healthz").statusCode() == 200);
    }
    assertThat(last.health).isEqualTo(503);
  }
}
