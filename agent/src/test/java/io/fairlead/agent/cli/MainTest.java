package io.fairlead.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.Agent;
import io.fairlead.agent.Eventually;
import io.fairlead.agent.SubsystemFactory;
import io.fairlead.agent.config.ConfigurationKey;
import io.fairlead.agent.config.ConfigurationReader;
import io.fairlead.agent.loop.ClusterView;
import io.fairlead.agent.loop.DirtyKeys;
import io.fairlead.agent.loop.IdleSubsystem;
import io.fairlead.agent.loop.SubsystemException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line against a running agent, over its real sockets. */
class MainTest {

  private static final SubsystemFactory NOTHING = _ -> List.of();

  @TempDir Path folder;

  private Path manifests;
  private Path socket;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void make() throws Exception {
    manifests = Files.createDirectory(folder.resolve("m"));
    socket = folder.resolve("admin.sock");
    Files.writeString(
        manifests.resolve("a.yaml"),
        "{apiVersion: v1, kind: Service, metadata: {name: a},"
            + " spec: {clusterIP: 10.96.0.1, ports: [{port: 80}, {port: 0}]}}");
  }

  private int run(String... arguments) {
    out.reset();
    err.reset();
    Terminal terminal =
        new Terminal(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            false);
    return new Main(
            terminal,
            NOTHING,
            configuration -> List.of("Removed the bridge " + configuration.bridge() + "."))
        .run(arguments);
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private Agent agent(SubsystemFactory subsystems) throws Exception {
    ConfigurationReader reader =
        new ConfigurationReader(
            null,
            Map.of(
                ConfigurationKey.MANIFESTS, manifests.toString(),
                ConfigurationKey.STATE_DIR, folder.resolve("state").toString(),
                ConfigurationKey.ADMIN_SOCKET, socket.toString(),
                ConfigurationKey.CNI_SOCKET, folder.resolve("cni.sock").toString(),
                ConfigurationKey.METRICS_ADDRESS, "127.0.0.1:0"),
            _ -> null,
            "node-a");
    return Agent.start(reader.read(), reader, subsystems);
  }

  private static HttpResponse<String> get(Agent agent, String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + agent.metricsPort() + path))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  @Test
  @DisplayName("a healthy agent: status as text and JSON, health, metrics; then it is gone")
  void healthy() throws Exception {
    try (Agent agent = agent(NOTHING)) {
      Eventually.holds("healthy", agent::isHealthy);
      assertThat(run("status", "--admin-socket", socket.toString())).isEqualTo(0);
      assertThat(out())
          .contains("node        node-a")
          .contains("health      healthy")
          .contains(
              "1 services, 0 endpointslices, 0 nodes, 0 pods, 0 namespaces, 0 networkpolicies")
          .contains("skipped     Service default/a: a.yaml:1: spec.ports[1] has the port 0");
      assertThat(run("status", "-o", "json", "--admin-socket", socket.toString())).isEqualTo(0);
      assertThat(out()).startsWith("{").contains("\"proxyMode\" : \"nftables\"");
      assertThat(run("status", "-o", "yaml", "--admin-socket", socket.toString())).isEqualTo(0);
      assertThat(out()).contains("\nproxyMode: nftables\n");

      assertThat(get(agent, "/healthz").statusCode()).isEqualTo(200);
      assertThat(get(agent, "/livez").body()).contains("\"problems\":[]");
      assertThat(get(agent, "/metrics").body())
          .contains("fairlead_synced 1.0")
          .contains("fairlead_skipped_objects 1.0")
          .contains("fairlead_sync_duration_seconds_count 1")
          .contains("fairlead_build_info{version=")
          .containsPattern("fairlead_process_resident_memory_bytes [1-9]");
    }
    assertThat(run("status", "--admin-socket", socket.toString())).isEqualTo(2);
    assertThat(err()).contains("No agent runs here: there is no socket " + socket);
  }

  @Test
  @DisplayName("a failing subsystem: degraded, not ready, alive, and counted")
  void degraded() throws Exception {
    try (Agent agent = agent(_ -> List.of(new Failing()))) {
      Eventually.holds("tried", () -> !agent.status().loop().subsystems().isEmpty());
      Eventually.holds(
          "failed",
          () ->
              agent.status().loop().subsystems().stream()
                  .anyMatch(subsystem -> subsystem.failures() > 0));
      assertThat(run("status", "--admin-socket", socket.toString())).isEqualTo(1);
      assertThat(out())
          .contains("health      degraded: failing: the kernel says no")
          .contains("failing     failing: the kernel says no");
      assertThat(get(agent, "/healthz").statusCode()).isEqualTo(503);
      assertThat(get(agent, "/livez").statusCode()).isEqualTo(200);
      assertThat(get(agent, "/metrics").body())
          .containsPattern("fairlead_subsystem_failures_total\\{subsystem=\"failing\"} [1-9]")
          .contains("fairlead_subsystem_failed_keys{subsystem=\"failing\"} 1.0");
    }
  }

  @Test
  @DisplayName("what keeps an agent from starting is a sentence and exit status 1")
  void cannotStart() throws Exception {
    String[] common = {
      "agent",
      "--state-dir",
      folder.resolve("state").toString(),
      "--metrics-address",
      "127.0.0.1:0",
      "--admin-socket",
      socket.toString(),
      "--manifests"
    };
    assertThat(run(append(common, folder.resolve("none").toString()))).isEqualTo(1);
    assertThat(err()).contains("fairlead: There is no folder " + folder.resolve("none"));
    assertThat(socket).doesNotExist();
    try (Agent agent = agent(NOTHING)) {
      assertThat(run(append(common, manifests.toString()))).isEqualTo(1);
      assertThat(err())
          .contains("Another fairlead agent uses the state folder " + folder.resolve("state"));
      common[2] = folder.resolve("state-2").toString();
      assertThat(run(append(common, manifests.toString()))).isEqualTo(1);
      assertThat(err()).contains("Another fairlead agent listens on " + socket);
      assertThat(agent.metricsPort()).isPositive();
    }
  }

  private static String[] append(String[] words, String last) {
    String[] all = java.util.Arrays.copyOf(words, words.length + 1);
    all[words.length] = last;
    return all;
  }

  @Test
  @DisplayName("bad flags and values are sentences, all of them, with exit status 1")
  void badInput() {
    assertThat(run("agent", "--overlay", "tunnel", "--mtu", "x")).isEqualTo(1);
    assertThat(err().lines())
        .hasSize(2)
        .allMatch(line -> line.startsWith("fairlead: --") && line.endsWith("."));
    assertThat(run("agent", "--overly", "vxlan")).isEqualTo(1);
    assertThat(err()).contains("Did you mean --overlay?");
    assertThat(run("agnet")).isEqualTo(1);
    assertThat(err()).contains("Did you mean agent?");
    assertThat(run("status", "-o", "xml")).isEqualTo(1);
    assertThat(run("agent", "--config", folder.resolve("no.yaml").toString())).isEqualTo(1);
    assertThat(err()).contains("There is no configuration file");
    assertThat(err() + out()).doesNotContain("\tat ");
  }

  @Test
  @DisplayName("every configuration key is a flag with help")
  void help() {
    assertThat(run("agent", "--help")).isEqualTo(0);
    for (ConfigurationKey key : ConfigurationKey.values()) {
      assertThat(out()).contains(key.flag() + "=");
    }
    assertThat(out()).contains("--config=FILE");
    assertThat(run()).isEqualTo(1);
    assertThat(run("version")).isEqualTo(0);
    assertThat(out()).startsWith("fairlead ");
  }

  @Test
  @DisplayName("cleanup says what it removed")
  void cleanup() {
    assertThat(run("cleanup", "--bridge", "br9")).isEqualTo(0);
    assertThat(out()).isEqualTo("Removed the bridge br9.\n");
  }

  private static final class Failing extends IdleSubsystem {

    Failing() {
      super("failing");
    }

    @Override
    public void apply(ClusterView view, DirtyKeys dirty) throws SubsystemException {
      throw new SubsystemException("the kernel says no", dirty, null);
    }
  }
}
