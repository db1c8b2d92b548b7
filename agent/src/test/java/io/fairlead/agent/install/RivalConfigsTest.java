package io.fairlead.agent.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RivalConfigsTest {

  @TempDir private Path folder;

  @Test
  @DisplayName(
      "beside flannel's configuration the runtime takes ours; only earlier names are in the way")
  void comesBeforeFlannel() throws Exception {
    for (String name :
        List.of("10-flannel.conflist", "10-fairlead.conflist", "87-podman.conflist", "README")) {
      Files.writeString(folder.resolve(name), "{}");
    }
    assertThat(RivalConfigs.before(folder, CniInstallation.CONFIG_NAME)).isEmpty();
    Files.writeString(folder.resolve("10-calico.conflist"), "{}");
    assertThat(RivalConfigs.before(folder, CniInstallation.CONFIG_NAME))
        .containsExactly("10-calico.conflist");
  }
}
