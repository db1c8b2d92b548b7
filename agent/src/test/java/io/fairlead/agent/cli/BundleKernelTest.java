package io.fairlead.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.AdminRoutes;
import io.fairlead.agent.Agent;
import io.fairlead.agent.config.ConfigurationKey;
import io.fairlead.agent.config.ConfigurationReader;
import io.fairlead.agent.loop.IdleSubsystem;
import io.fairlead.agent.server.Reply;
import io.fairlead.agent.server.Route;
import io.fairlead.dataplane.testing.TestNamespace;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in a bundle, of a real kernel's, and what is not. */
class BundleKernelTest {

  private static final String TOKEN = "s3cr3t-token-of-nobody-else";
  private static final String KEY_DATA = "LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQo=";
  private static final String FILE_TOKEN = "another-token-in-a-file-of-its-own";
  private static final String JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJub2JvZHkifQ.c2lnbmF0dXJl";

  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @BeforeEach
  void kubeconfig() throws Exception {
    Files.writeString(folder.resolve("token"), FILE_TOKEN + "\n");
    Files.writeString(
        folder.resolve("kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: c, cluster: {server: "https://192.0.2.1:6443"}}]
        users:
        - name: u
          user: {token: %s, client-key-data: %s, tokenFile: token}
        """
            .formatted(TOKEN, KEY_DATA));
  }

  private int bundle() {
    return bundleTo(file());
  }

  private int bundleTo(Path zip) {
    String[] line = {
      "bundle",
      "-o",
      zip.toString(),
      "--admin-socket",
      folder.resolve("admin.sock").toString(),
      "--kubeconfig",
      folder.resolve("kubeconfig").toString()
    };
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    Terminal terminal = new Terminal(stream, stream, false, false);
    return new Main(terminal, _ -> List.of(), _ -> List.of()).run(line);
  }

  private Path file() {
    return folder.resolve("report.zip");
  }

  private Map<String, String> files() throws Exception {
    Map<String, String> files = new LinkedHashMap<>();
    try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(file()))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        files.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return files;
  }

  @Test
  @DisplayName("without an agent: the host, the kernel, and what is missing with the reason")
  void withoutAgent() throws Exception {
    try (TestNamespace host = TestNamespace.create("host")) {
      host.run("nft", "add table inet fairlead; add set inet fairlead s { type ipv4_addr; }");
      host.run("nft", "add table ip theirs; add chain ip theirs secret");
      host.run("ip", "link", "add", "eth9", "type", "bridge");
      assertThat(host.call(() -> bundle())).as(out.toString(StandardCharsets.UTF_8)).isZero();
    }
    Map<String, String> files = files();
    assertThat(files)
        .containsKeys(
            "README.txt",
            "host.txt",
            "configuration.txt",
            "preflight.txt",
            "sysctls.txt",
            "kernel/iptables.txt",
            "kernel/routes.txt",
            "kernel/conntrack.txt");
    assertThat(files.get("README.txt"))
        .contains("environment variables, Secrets", "agent: no agent runs here")
        .contains("kernel/nft/inet-fairlead.txt");
    assertThat(files.get("kernel/nft/inet-fairlead.txt")).contains("set s");
    assertThat(files.get("kernel/nft/others.txt")).contains("theirs").doesNotContain("secret");
    assertThat(files.get("kernel/links.txt")).contains("eth9");
    assertThat(files.get("configuration.txt")).contains("overlay: ", "kubeconfig: " + folder);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("Written: ", "Not in it: agent");
  }

  /** Has an answer that holds what it never should. */
  private static final class Careless extends IdleSubsystem implements AdminRoutes {
    Careless() {
      super("pods");
    }

    @Override
    public Map<String, Route> adminRoutes() {
      return Map.of(
          "/flows",
          Route.of(() ->
              Reply.text(
                  200,
                  TOKEN + " " + KEY_DATA + " " + FILE_TOKEN + " " + JWT + " Bearer 0123456789ab")),
          "/changes",
          Route.of(() -> Reply.text(500, "not with " + TOKEN)));
    }
  }

  @Test
  @DisplayName("with an agent: its answers, and no secret, whatever it says")
  void secrets() throws Exception {
    Files.createDirectories(folder.resolve("m"));
    ConfigurationReader reader =
        new ConfigurationReader(
            null,
            Map.of(
                ConfigurationKey.MANIFESTS, folder.resolve("m").toString(),
                ConfigurationKey.STATE_DIR, folder.resolve("state").toString(),
                ConfigurationKey.ADMIN_SOCKET, folder.resolve("admin.sock").toString(),
                ConfigurationKey.CNI_SOCKET, folder.resolve("cni.sock").toString(),
                ConfigurationKey.METRICS_ADDRESS, "127.0.0.1:0"),
            _ -> null,
            "node-a");
    try (TestNamespace host = TestNamespace.create("host");
        Agent _ = Agent.start(reader.read(), reader, _ -> List.of(new Careless()))) {
      assertThat(host.call(() -> bundle())).as(out.toString(StandardCharsets.UTF_8)).isZero();
    }
    Map<String, String> files = files();
    assertThat(files.get("agent/status.json")).contains("node-a");
    assertThat(files.get("agent/threads.txt")).contains("\"reconcile\"");
    assertThat(files.get("agent/log.txt")).contains("The agent runs");
    assertThat(files.get("agent/metrics.txt")).contains("# TYPE fairlead_");
    assertThat(files.get("agent/flows.json")).contains("[left out]");
    assertThat(files.get("README.txt"))
        .contains("agent/services.json: this agent does not answer /services")
        .contains("agent/changes.json: the agent answered: not with [left out]");
    String all = files + out.toString(StandardCharsets.UTF_8);
    assertThat(all).doesNotContain(TOKEN, KEY_DATA, FILE_TOKEN, JWT, "0123456789ab");
  }

  @Test
  @DisplayName("a file that cannot be written is a sentence")
  void unwritable() throws Exception {
    try (TestNamespace host = TestNamespace.create("host")) {
      assertThat(host.call(() -> bundleTo(folder.resolve("no/such/x.zip")))).isEqualTo(1);
    }
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("Name another with -o");
  }
}
