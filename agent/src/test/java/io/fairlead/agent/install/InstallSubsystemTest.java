package io.fairlead.agent.install;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.Agent;
import io.fairlead.agent.Eventually;
import io.fairlead.agent.config.AgentConfiguration;
import io.fairlead.agent.config.ConfigurationKey;
import io.fairlead.agent.config.ConfigurationReader;
import io.fairlead.agent.loop.ClusterView;
import io.fairlead.agent.loop.DirtyKeys;
import io.fairlead.agent.loop.IdleSubsystem;
import io.fairlead.agent.loop.Subsystem;
import io.fairlead.agent.loop.SubsystemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent that drives the installation, and one subsystem that stands for the pods. */
class InstallSubsystemTest {

  @TempDir private Path root;

  private Path binaries;
  private Path configs;
  private Path config;
  private @Nullable Path source;
  private final Map<ConfigurationKey, String> flags = new EnumMap<>(ConfigurationKey.class);

  @BeforeEach
  void make() throws IOException {
    binaries = Files.createDirectory(root.resolve("bin"));
    configs = Files.createDirectory(root.resolve("net.d"));
    config = configs.resolve("10-fairlead.conflist");
    source = Files.writeString(root.resolve("fairlead"), "binary");
    flags.putAll(
        Map.of(
            ConfigurationKey.MANIFESTS, Files.createDirectory(root.resolve("m")).toString(),
            ConfigurationKey.STATE_DIR, root.resolve("state").toString(),
            ConfigurationKey.ADMIN_SOCKET, root.resolve("admin.sock").toString(),
            ConfigurationKey.METRICS_ADDRESS, "127.0.0.1:0",
            ConfigurationKey.CNI_BINARY_DIR, binaries.toString(),
            ConfigurationKey.CNI_CONFIG_DIR, configs.toString()));
  }

  private AgentConfiguration configuration() throws Exception {
    return new ConfigurationReader(null, flags, _ -> null, "node-a").read();
  }

  private Agent start(Subsystem... before) throws Exception {
    ConfigurationReader reader = new ConfigurationReader(null, flags, _ -> null, "node-a");
    return Agent.start(
        reader.read(),
        reader,
        context ->
            Stream.concat(
                    Stream.of(before),
                    Stream.of(
                        new InstallSubsystem(
                            new CniInstallation(context.configuration(), source), context.loop())))
                .toList());
  }

  private static List<String> names(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(path -> path.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Cannot attach pods until it is told so. */
  private static final class Pods extends IdleSubsystem {

    private volatile boolean work;

    Pods() {
      super("pods");
    }

    @Override
    public void apply(ClusterView view, DirtyKeys dirty) throws SubsystemException {
      if (!work) {
        throw new SubsystemException("no pod can be attached", DirtyKeys.EVERYTHING, null);
      }
    }
  }

  @Test
  @DisplayName("first the binary, then all that attaches pods, then the configuration")
  void order() throws Exception {
    Pods pods = new Pods();
    try (Agent agent = start(pods)) {
      Eventually.holds("the binary", () -> Files.exists(binaries.resolve("fairlead")));
      Eventually.holds(
          "pods were tried some times",
          () ->
              agent.status().loop().subsystems().stream()
                  .anyMatch(subsystem -> subsystem.failures() > 2));
      assertThat(config).doesNotExist();
      pods.work = true;
      Eventually.holds("the configuration", () -> Files.exists(config));
      Eventually.holds("healthy", agent::isHealthy);
      assertThat(names(configs)).containsExactly("10-fairlead.conflist");
    }
    assertThat(config).as("after the agent's end pods wait for the next one").exists();
  }

  @Test
  @DisplayName("what somebody deletes or changes comes back, and other files are left alone")
  void restores() throws Exception {
    Path other = Files.writeString(configs.resolve("20-other.conf"), "another's");
    try (Agent agent = start()) {
      Eventually.holds("the configuration", () -> Files.exists(config));
      String text = Files.readString(config);
      Files.delete(config);
      Eventually.holds("deleted and back", () -> Files.exists(config));
      Files.writeString(config, "{}");
      Eventually.holds("changed and back", () -> holds(config, text));
      Files.delete(binaries.resolve("fairlead"));
      Eventually.holds("the binary is back", () -> holds(binaries.resolve("fairlead"), "binary"));
      assertThat(agent.status().problems()).isEmpty();
    }
    assertThat(other).hasContent("another's");
  }

  private static boolean holds(Path file, String text) {
    try {
      return Files.exists(file) && Files.readString(file).equals(text);
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  @DisplayName("a configuration that the runtime takes rather than ours degrades the status alone")
  void rival() throws Exception {
    try (Agent agent = start()) {
      Eventually.holds("healthy", () -> Files.exists(config) && agent.isHealthy());
      Path rival = Files.writeString(configs.resolve("05-other.conflist"), "another's");
      Eventually.holds("the rival is reported", () -> !agent.isHealthy());
      assertThat(agent.status().problems())
          .singleElement()
          .asString()
          .contains(rival.toString(), "10-fairlead.conflist", "Remove it");
      assertThat(agent.status().loop().subsystems().getLast().problem()).isNull();
      Files.writeString(configs.resolve("00-readme.txt"), "no configuration");
      Files.delete(rival);
      Eventually.holds("healthy again", agent::isHealthy);
    }
  }

  @Test
  @DisplayName("a folder that is missing is a problem with its mend, and is found once it is there")
  void missingFolder() throws Exception {
    Files.delete(configs);
    try (Agent agent = start()) {
      Eventually.holds(
          "the problem is told",
          () ->
              agent.status().problems().stream()
                  .anyMatch(problem ->
                      problem.contains(config.toString())
                          && problem.contains("does not exist. Create it")));
      Files.createDirectory(configs);
      Eventually.holds("the configuration", () -> Files.exists(config) && agent.isHealthy());
      Files.delete(config);
      Eventually.holds("watched from now on", () -> Files.exists(config));
    }
  }

  @Test
  @DisplayName("a user's configuration is installed once it is right, and what was there stays")
  void userConfig() throws Exception {
    Path given = Files.writeString(root.resolve("mine.json"), "{\"name\": \"x\"}");
    flags.put(ConfigurationKey.CNI_CONFIG, given.toString());
    Files.writeString(config, "of an earlier agent");
    try (Agent agent = start()) {
      Eventually.holds(
          "the problem is told",
          () -> agent.status().problems().toString().contains("it has no \"cniVersion\""));
      assertThat(config).hasContent("of an earlier agent");
      String good =
          "{\"cniVersion\": \"1.0.0\", \"name\": \"x\", \"plugins\": [{\"type\": \"fairlead\"}]}";
      Files.writeString(given, good);
      Eventually.holds("it is installed", () -> holds(config, good) && agent.isHealthy());
    }
  }

  @Test
  @DisplayName("withdrawn: the configuration, then the binary; the folders and the rest stay")
  void withdraws() throws Exception {
    try (Agent agent = start()) {
      Eventually.holds("installed", () -> Files.exists(config) && agent.isHealthy());
    }
    Files.writeString(configs.resolve("99-loopback.conf"), "another's");
    CniInstallation installation = new CniInstallation(configuration(), null);
    assertThat(installation.withdrawConfig()).containsExactly("delete file " + config);
    assertThat(installation.withdrawBinary())
        .containsExactly("delete file " + binaries.resolve("fairlead"));
    assertThat(installation.withdrawConfig()).isEmpty();
    assertThat(names(configs)).containsExactly("99-loopback.conf");
    assertThat(binaries).isEmptyDirectory();
  }

  @Test
  @DisplayName("without a binary of its own the agent says so, and installs no configuration")
  void noBinary() throws Exception {
    source = null;
    try (Agent agent = start()) {
      Eventually.holds(
          "the problem is told",
          () -> agent.status().problems().toString().contains("There is no cni/fairlead"));
      assertThat(config).doesNotExist();
    }
  }
}
