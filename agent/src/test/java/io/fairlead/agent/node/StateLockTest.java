package io.fairlead.agent.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateLockTest {

  @TempDir Path folder;

  @Test
  @DisplayName("one holder at a time, and asking who holds it makes no file")
  void oneHolder() throws Exception {
    assertThat(StateLock.isHeld(folder)).isFalse();
    assertThat(folder).isEmptyDirectory();
    try (StateLock lock = StateLock.take(folder).orElseThrow()) {
      assertThat(StateLock.isHeld(folder)).as("%s", lock).isTrue();
      assertThat(StateLock.take(folder)).isEmpty();
    }
    assertThat(StateLock.isHeld(folder)).isFalse();
    StateLock.take(folder).orElseThrow().close();
  }

  @Test
  void noFolder() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> StateLock.take(file)).isInstanceOf(IOException.class);
  }
}
