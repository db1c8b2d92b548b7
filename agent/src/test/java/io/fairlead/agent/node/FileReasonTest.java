package io.fairlead.agent.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileReasonTest {

  @TempDir Path folder;

  private static String reason(ThrowingCallable use) {
    return FileReason.of(catchThrowableOfType(IOException.class, use));
  }

  @Test
  void sayMoreThanThePath() throws Exception {
    Path file = Files.write(folder.resolve("file"), new byte[] {(byte) 0xff});
    assertThat(reason(() -> Files.createDirectories(file)))
        .isEqualTo(file + " is a file, not a folder");
    assertThat(reason(() -> Files.readAllBytes(folder.resolve("x"))))
        .isEqualTo(folder.resolve("x") + " does not exist and cannot be made");
    assertThat(reason(() -> Files.createFile(file.resolve("x"))))
        .isEqualTo(file.resolve("x") + ": Not a directory");
    assertThat(reason(() -> Files.readString(file))).isEqualTo("it is not UTF-8 text");
  }
}
