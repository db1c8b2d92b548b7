package io.fairlead.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** An agent as a process installs what a runtime needs, and a runtime uses what it installed. */
class InstallWholeTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LIMIT = Await.PATIENCE;

  private @Nullable Lab lab;
  private Node node;
  private Path binary;
  private Path configs;
  private Path config;

  @BeforeEach
  void create() throws Exception {
    lab = Lab.create(LabOptions.of(1), Whole.distribution());
    node = lab.node(1);
    Path binaries = Files.createDirectory(lab.folder().resolve("bin"));
    binary = binaries.resolve("fairlead");
    configs = Files.createDirectory(lab.folder().resolve("net.d"));
    config = configs.resolve("10-fairlead.conflist");
    node.configure("cni-bin-dir", binaries.toString());
    node.configure("cni-conf-dir", configs.toString());
  }

  @AfterEach
  void close() {
    if (lab != null) {
      lab.close();
    }
  }

  private void startAgent() throws Exception {
    node.startAgent();
    node.waitReady();
    Await.until("the configuration is installed", LIMIT, () -> Files.exists(config));
  }

  /** Executes what is installed, as a runtime does that knows of nothing else. */
  private ProgramOutput execute(String command, LabNamespace pod)
      throws IOException, InterruptedException {
    JsonNode list = JSON.readTree(config.toFile());
    ObjectNode plugin = ((ObjectNode) list.path("plugins").path(0)).deepCopy();
    plugin.set("cniVersion", list.path("cniVersion"));
    plugin.set("name", list.path("name"));
    ProcessBuilder builder =
        new ProcessBuilder(
            binary.resolveSibling(plugin.path("type").asText()).toAbsolutePath().toString());
    builder
        .environment()
        .putAll(
            Map.of(
                "CNI_COMMAND",
                command,
                "CNI_CONTAINERID",
                "c".repeat(64),
                "CNI_NETNS",
                pod.path().toString(),
                "CNI_IFNAME",
                "eth0",
                "CNI_PATH",
                String.valueOf(binary.getParent()),
                "CNI_ARGS",
                "IgnoreUnknown=1;K8S_POD_NAMESPACE=default;K8S_POD_NAME=pod"));
    return Programs.finish(node.namespace().start(builder), plugin.toString(), LIMIT);
  }

  @Test
  @DisplayName("a runtime attaches pods with what the agent installed, and waits between agents")
  void upgrade() throws Exception {
    Files.writeString(binary, "an older version");
    startAgent();
    assertThat(Files.mismatch(binary, Whole.distribution().cniPlugin())).isEqualTo(-1);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(binary)))
        .isEqualTo("rwxr-xr-x");
    try (LabNamespace pod = LabNamespace.create("pod")) {
      assertThat(execute("ADD", pod)).matches(output -> output.exit() == 0, "succeeds");
      node.stopAgent();
      assertThat(config).as("stays between two agents").exists();
      try (LabNamespace other = LabNamespace.create("other")) {
        assertThat(execute("ADD", other).out()).contains("\"code\":11");
      }
      assertThat(execute("DEL", pod)).matches(output -> output.exit() == 0, "is queued");
      assertThat(node.deleteQueue()).isNotEmptyDirectory();
      startAgent();
      Await.until("the queued DEL was replayed", LIMIT, () -> node.residue().isEmpty());
      assertThat(node.deleteQueue()).isEmptyDirectory();
    }
  }

  @Test
  @DisplayName("an agent that ends is not ready first, while it still answers what it has")
  void withdrawsReadiness() throws Exception {
    startAgent();
    try (SocketChannel slow = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      slow.connect(UnixDomainSocketAddress.of(node.cniSocket()));
      // As root: the agent waits for the rest of this request for some seconds.
      slow.write(ByteBuffer.wrap(new byte[] {'F'}));
      assertThat(node.agent().handle().destroy()).isTrue();
      Await.until(
          "the agent says that it is not ready",
          LIMIT,
          () -> node.agent().handle().isAlive() && node.agent().health("/healthz") == 503);
    }
    node.stopAgent();
    assertThat(config).exists();
  }

  @Test
  @DisplayName("cleanup withdraws the configuration and the binary, and leaves other files")
  void cleanup() throws Exception {
    startAgent();
    Path other = Files.writeString(configs.resolve("99-loopback.conf"), "{}");
    node.stopAgent();
    ProgramOutput output =
        node.commandLine(
            "cleanup",
            "--manifests",
            configs.toString(),
            "--state-dir",
            node.stateFolder().toString(),
            "--cni-bin-dir",
            String.valueOf(binary.getParent()),
            "--cni-conf-dir",
            configs.toString());
    assertThat(output.exit()).as(output.error()).isZero();
    assertThat(output.out().lines())
        .startsWith("delete file " + config)
        .endsWith("delete file " + binary);
    assertThat(config).doesNotExist();
    assertThat(binary).doesNotExist();
    assertThat(other).exists();
  }
}
