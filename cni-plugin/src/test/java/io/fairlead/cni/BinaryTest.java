package io.fairlead.cni;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fairlead.cni.wire.DeleteQueue;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The C program where there is no agent, or one that does not do its part. */
class BinaryTest {

  @TempDir private Path folder;

  @BeforeAll
  static void build() throws Exception {
    Binary.build();
  }

  private Binary.Outcome run(String command, String config) throws Exception {
    return Binary.run(
        Map.of(
            "CNI_COMMAND",
            command,
            "CNI_CONTAINERID",
            "c1",
            "CNI_IFNAME",
            "eth0",
            "FAIRLEAD_CNI_SOCKET",
            folder.resolve("cni.sock").toString(),
            "FAIRLEAD_CNI_QUEUE",
            folder.resolve("a/queue").toString(),
            "FAIRLEAD_CNI_TIMEOUT_MS",
            "300"),
        config.getBytes(StandardCharsets.UTF_8));
  }

  private static void assertError(Binary.Outcome outcome, int code, String version)
      throws IOException {
    JsonNode error = new ObjectMapper().readTree(outcome.stdout());
    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(error.path("code").asInt()).isEqualTo(code);
    assertThat(error.path("cniVersion").asText()).isEqualTo(version);
    assertThat(error.path("msg").asText()).isNotEmpty();
  }

  @Test
  void withoutACommandItSaysWhatItIs() throws Exception {
    Binary.Outcome outcome = Binary.run(Map.of(), new byte[0]);
    assertThat(outcome.exit()).isZero();
    assertThat(outcome.stdout()).isEmpty();
    assertThat(outcome.stderr())
        .contains("fairlead", "0.1.0, 0.2.0, 0.3.0, 0.3.1, 0.4.0, 1.0.0, 1.1.0");
  }

  @Test
  @DisplayName("VERSION works without an agent and with empty stdin (pod-network 10)")
  void version() throws Exception {
    assertThat(run("VERSION", "").stdout())
        .isEqualTo(
            "{\"cniVersion\":\"1.1.0\",\"supportedVersions\":[\"0.1.0\",\"0.2.0\",\"0.3.0\","
                + "\"0.3.1\",\"0.4.0\",\"1.0.0\",\"1.1.0\"]}\n");
    assertThat(run("VERSION", "{\"cniVersion\":\"0.4.0\"}").stdout())
        .startsWith("{\"cniVersion\":\"0.4.0\"");
  }

  @ParameterizedTest
  @DisplayName("without an agent ADD is code 11 at once, STATUS 50 (pod-network 15, 16)")
  @CsvSource({"ADD, 11", "CHECK, 11", "GC, 11", "STATUS, 50"})
  void agentAbsent(String command, int code) throws Exception {
    long before = System.nanoTime();
    Binary.Outcome outcome =
        run(command, "{\"x\":{\"cniVersion\":\"9\"},\"cniVersion\":\"0.4.0\"}");
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(1));
    assertError(outcome, code, "0.4.0");
    assertThat(outcome.stdout()).contains(folder + "/cni.sock", "is its pod running");
  }

  @Test
  @DisplayName("an unknown command is code 4, with an agent or without (pod-network 7)")
  void unknownCommand() throws Exception {
    Binary.Outcome outcome = run("ATTACH", "{\"cniVersion\":\"0.4.0\"}");
    assertError(outcome, 4, "0.4.0");
    assertThat(outcome.stdout()).contains("ATTACH", "ADD, DEL, CHECK, GC, STATUS, VERSION");
  }

  @ParameterizedTest
  @DisplayName("the version in an error is the configuration's, if it can be found")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`{ \"a\" : [\"cniVersion\",\"3\"], \"cniVersion\"\n: \"0.3.1\"}`|0.3.1",
        "{\"b\\\"\":\"cniVersion\",\"cniVersion\":\"1.1.0\"}|1.1.0",
        "{\"a\":\"\\\"cniVersion\\\":\\\"7\\\"\"}|1.0.0",
        "{\"cniVersion\":5}|1.0.0",
        "{\"cniVersion\":\"1.\\u0031\"}|1.0.0",
        "{\"cniVersion\":\"<script>\"}|1.0.0",
        "{\"cniVersion\":\"1.0.00000000000000000000000000000\"}|1.0.0",
        "\"cniVersion\":\"0.4.0\"|1.0.0",
        "{\"cniVersion\":\"|1.0.0",
        "{\"cniVersion\\|1.0.0",
        "``|1.0.0",
      })
  void versionInErrors(String config, String version) throws Exception {
    assertError(run("STATUS", config), 50, version);
  }

  @Test
  @DisplayName("without an agent DEL is queued, whole and private (pod-network 16)")
  void deleteIsQueued() throws Exception {
    String config = "{\"name\":\"n\",\"pad\":\"" + "x".repeat(300_000) + "\"}";
    for (int i = 0; i < 3; i++) {
      Binary.Outcome outcome = run("DEL", config);
      assertThat(outcome).isEqualTo(new Binary.Outcome(0, "", ""));
    }
    Path queue = folder.resolve("a/queue");
    DeleteQueue.Contents contents = new DeleteQueue(queue).read();
    assertThat(contents.problems()).isEmpty();
    assertThat(contents.deletions())
        .hasSize(3)
        .allSatisfy(queued -> {
          assertThat(queued.request().environment())
              .containsOnlyKeys("CNI_COMMAND", "CNI_CONTAINERID", "CNI_IFNAME");
          assertThat(queued.request().stdin()).asString().isEqualTo(config);
          assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(queued.file())))
              .isEqualTo("rw-------");
        });
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(queue)))
        .isEqualTo("rwx------");
    assertThat(queue).isDirectoryNotContaining("glob:**.partial");
  }

  @Test
  void aQueueThatCannotBeWrittenIsAnError() throws Exception {
    Files.writeString(folder.resolve("a"), "a file where a folder should be");
    assertError(run("DEL", "{}"), 5, "1.0.0");
  }

  @Test
  void theConfigurationMayNameTheSocket() throws Exception {
    Binary.Outcome outcome =
        Binary.run(
            Map.of("CNI_COMMAND", "STATUS"),
            "{\"socket\":\"\\/nowhere/else.sock\"}".getBytes(StandardCharsets.UTF_8));
    assertThat(outcome.stdout()).contains("/nowhere/else.sock: No such file");
  }

  @Test
  @DisplayName("an agent that accepts and never answers: ADD is 11 after the limit, DEL is queued")
  void agentHangs() throws Exception {
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(folder.resolve("cni.sock")));
      Binary.Outcome status = run("STATUS", "{}");
      assertError(status, 50, "1.0.0");
      assertThat(status.stdout()).contains("no answer in time");
      assertThat(run("DEL", "{}").exit()).isZero();
    }
    assertError(run("GC", "{}"), 11, "1.0.0");
    assertThat(run("GC", "{}").stdout()).contains("Connection refused");
    assertThat(new DeleteQueue(folder.resolve("a/queue")).read().deletions()).hasSize(1);
  }

  @Test
  void tooLongAConfigurationIsRefused() throws Exception {
    assertError(run("DEL", "{" + " ".repeat(1 << 20)), 7, "1.0.0");
    assertThat(run("DEL", " ".repeat(1 << 20)).exit()).isZero();
  }
}
