package io.fairlead.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationWatchTest {

  private final List<AgentConfiguration> seen = new CopyOnWriteArrayList<>();

  private ConfigurationWatch watch(Path file) throws ConfigurationException, IOException {
    ConfigurationReader reader = new ConfigurationReader(file, Map.of(), _ -> null, "h");
    return ConfigurationWatch.start(reader, reader.read(), seen::add);
  }

  private void sees(OverlayMode overlay) {
    Eventually.holds(
        "overlay " + overlay, () -> !seen.isEmpty() && seen.getLast().overlay() == overlay);
  }

  @Test
  @DisplayName("a rewritten and a renamed file take effect; a bad one and restart keys do not")
  void rewritten(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("fl.yaml");
    Files.writeString(file, "overlay: vxlan\nmtu: 1400\n");
    try (ConfigurationWatch watch = watch(file)) {
      Files.writeString(file, "overlay: host-gw\nmtu: 1400\n");
      sees(OverlayMode.HOST_GW);

      Files.writeString(file, "");
      Files.setLastModifiedTime(file, FileTime.fromMillis(1)); // Empty, and not just being written.
      Files.writeString(file, "overlay: nonsense\n");
      Path next = folder.resolve("next");
      Files.writeString(next, "overlay: none\nmtu: 1500\n");
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
      sees(OverlayMode.NONE);
      assertThat(seen.getLast().mtu()).as("needs a restart").isEqualTo(1400);
      assertThat(watch).isNotNull();
    }
    assertThat(seen).extracting(AgentConfiguration::overlay).doesNotContain(OverlayMode.VXLAN);
  }

  @Test
  @DisplayName("a ConfigMap's swapped symbolic link takes effect")
  void configMap(@TempDir Path folder) throws Exception {
    Path first = Files.createDirectory(folder.resolve("..first"));
    Path second = Files.createDirectory(folder.resolve("..second"));
    Files.writeString(first.resolve("fl.yaml"), "overlay: vxlan\n");
    Files.writeString(second.resolve("fl.yaml"), "overlay: host-gw\nlog-level: debug\n");
    Path data = folder.resolve("..data");
    Files.createSymbolicLink(data, first.getFileName());
    Path file = folder.resolve("fl.yaml");
    Files.createSymbolicLink(file, Path.of("..data/fl.yaml"));
    try (ConfigurationWatch watch = watch(file)) {
      Path swap = folder.resolve("..data_tmp");
      Files.createSymbolicLink(swap, second.getFileName());
      Files.move(swap, data, StandardCopyOption.ATOMIC_MOVE);
      sees(OverlayMode.HOST_GW);
      assertThat(seen.getLast().logLevel()).isEqualTo(LogLevel.DEBUG);
      assertThat(watch).isNotNull();
    }
  }
}
