package io.fairlead.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * An agent whose clock is set while it runs, as libfaketime makes it believe: nobody else's clock
 * is touched, and time goes on as before.
 */
class ClockWholeTest {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  private @Nullable SampleCluster cluster;

  @BeforeEach
  void create() throws Exception {
    cluster = new SampleCluster(Lab.create(LabOptions.of(2), Whole.distribution()));
    setClock("+0");
    AgentProcess agent = node().agent();
    agent.setVariable("LD_PRELOAD", library().toString());
    agent.setVariable("FAKETIME_TIMESTAMP_FILE", offset().toString());
    agent.setVariable("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    agent.setVariable("FAKETIME_CACHE_DURATION", "1"); // seconds
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

  private static Path library() throws IOException {
    for (String folder : List.of("/usr/lib", "/usr/lib64")) {
      try (DirectoryStream<Path> libraries = Files.newDirectoryStream(Path.of(folder))) {
        for (Path each : libraries) {
          Path library = each.resolve("faketime").resolve("libfaketime.so.1");
          if (Files.exists(library)) {
            return library;
          }
        }
      }
    }
    throw new AssertionError("libfaketime is missing: make packages installs it");
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

  private Path offset() {
    return cluster().lab().folder().resolve("clock");
  }

  /** Sets how far the agent's clock is off: "+2d". */
  private void setClock(String value) throws IOException {
    Path staged = offset().resolveSibling("clock.new");
    Files.writeString(staged, value + "\n");
    Files.move(staged, offset(), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
  }

  private boolean serviceAnswers() {
    try {
      EchoClient.tcp(cluster().podA().namespace(), cluster().service(), Duration.ofMillis(300));
      return true;
    } catch (IOException | InterruptedException e) {
      return false;
    }
  }

  /** The days between this clock and the agent's, as its last log line has it. */
  private long daysOff() throws IOException {
    List<String> lines =
        Files.readAllLines(node().log()).stream()
            .filter(line -> line.matches("\\d{4}-\\d{2}-\\d{2}T\\S+Z .*"))
            .toList();
    java.time.Instant told = java.time.Instant.parse(lines.getLast().split(" ", 2)[0]);
    return Math.round(Duration.between(java.time.Instant.now(), told).toHours() / 24.0);
  }

  @Test
  @DisplayName("a clock that is set two days on, and four back, changes nothing (faults 38)")
  void jumps() throws Exception {
    for (String jump : List.of("+2d", "-2d")) {
      String before = node().commandLine("changes", "--since", "10m").out();
      assertThat(before.lines().count()).as("before %s", jump).isGreaterThan(3);
      setClock(jump);
      assertThat(node().commandLine("changes", "--since", "10m").out())
          .as("what happened a minute ago, after %s", jump)
          .isEqualTo(before);
      cluster().stageEndpoints(List.of()).commit();
      Await.until("the Service is without endpoints", LIMIT, () -> !serviceAnswers());
      cluster().publishEndpoints();
      Await.until("the Service answers after " + jump, LIMIT, this::serviceAnswers);
      Pod added = node().addPod("added");
      added.serve(8080);
      Await.until(
          "the added pod answers after " + jump,
          LIMIT,
          () -> {
            try {
              EchoClient.tcp(cluster().podA().namespace(), added.at(8080), Duration.ofMillis(300));
              return true;
            } catch (IOException e) {
              return false;
            }
          });
      String address = added.address().getHostAddress();
      added.delete();
      assertThat(node().commandLine("status").exit()).as("status after %s", jump).isZero();
      assertThat(node().commandLine("verify").exit()).as("verify after %s", jump).isZero();
      assertThat(node().agent().health("/healthz")).isEqualTo(200);
      assertThat(cluster().podA().address().getHostAddress()).isNotEqualTo(address);
      node().killAgent(); // A clock that is off while it starts, too.
      node().startAgent();
      node().waitReady();
      assertThat(daysOff()).isEqualTo(jump.equals("+2d") ? 2 : -2);
      Await.until("the Service answers after a restart", LIMIT, this::serviceAnswers);
      cluster().stageEndpoints(List.of()).commit();
      Await.until("the Service is without endpoints", LIMIT, () -> !serviceAnswers());
      cluster().publishEndpoints();
      Await.until("the Service answers again", LIMIT, this::serviceAnswers);
    }
  }
}
