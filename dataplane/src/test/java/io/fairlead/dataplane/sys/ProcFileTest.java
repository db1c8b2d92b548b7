package io.fairlead.dataplane.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ProcFileTest {

  @Test
  void aNumberIsReadWhole() throws Exception {
    Path file = Path.of("/proc/sys/kernel/pid_max");
    Process cat = new ProcessBuilder("cat", file.toString()).start();
    String expected =
        new String(cat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
    assertThat(expected).hasSizeGreaterThan(1);
    assertThat(ProcFile.text(file)).isEqualTo(expected);
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> ProcFile.text(Path.of("/proc/sys/kernel/no-such-setting")))
        .isInstanceOf(NoSuchFileException.class);
  }
}
