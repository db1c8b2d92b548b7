package io.fairlead.agent.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstalledFileTest {

  @TempDir private Path root;

  private Path folder;
  private Path target;
  private InstalledFile file;

  @BeforeEach
  void make() throws IOException {
    folder = Files.createDirectory(root.resolve("bin"));
    target = folder.resolve("fairlead");
    file = new InstalledFile(target, "rwxr-xr-x");
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  @DisplayName("a file is installed once, and again only when it differs")
  void installs() throws IOException {
    Path source = Files.writeString(root.resolve("source"), "one");
    assertThat(file.copyOf(source)).isTrue();
    assertThat(target).hasContent("one");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
        .isEqualTo("rwxr-xr-x");
    Object inode = Files.getAttribute(target, "unix:ino");
    assertThat(file.copyOf(source)).isFalse();
    assertThat(Files.getAttribute(target, "unix:ino")).isEqualTo(inode);
    Files.writeString(source, "two");
    assertThat(file.copyOf(source)).isTrue();
    assertThat(target).hasContent("two");
    assertThat(Files.getAttribute(target, "unix:ino")).isNotEqualTo(inode);
    assertThat(names()).containsExactly("fairlead");
  }

  @Test
  @DisplayName("a program that runs is replaced, and goes on running")
  void replacesWhatRuns() throws Exception {
    file.copyOf(Path.of("/bin/sleep"));
    Process running = new ProcessBuilder(target.toString(), "60").start();
    try {
      assertThatThrownBy(() -> Files.newOutputStream(target).close())
          .as("written in place it cannot be")
          .hasMessageContaining("busy");
      assertThat(file.copyOf(Path.of("/bin/true"))).isTrue();
      assertThat(running.isAlive()).isTrue();
      assertThat(new ProcessBuilder(target.toString()).start().waitFor()).isZero();
    } finally {
      running.destroyForcibly();
    }
  }

  @Test
  @DisplayName("other permissions, and a link in place of the file, are corrected")
  void corrects() throws IOException {
    file.holding("text");
    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-rw-rw-"));
    assertThat(file.holding("text")).isTrue();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
        .isEqualTo("rwxr-xr-x");
    Files.delete(target);
    Path elsewhere = Files.writeString(root.resolve("elsewhere"), "another's");
    Files.createSymbolicLink(target, elsewhere);
    assertThat(file.holding("text")).isTrue();
    assertThat(target).isRegularFile().hasContent("text");
    assertThat(elsewhere).hasContent("another's");
  }

  @Test
  @DisplayName("what a crash left between writing and renaming goes, and the old file stayed whole")
  void afterCrash() throws IOException {
    file.holding("old");
    Path left = Files.writeString(folder.resolve(".fairlead.fairlead"), "ha");
    assertThat(target).hasContent("old");
    assertThat(file.holding("old")).isFalse();
    assertThat(left).doesNotExist();
  }

  @Test
  @DisplayName("a file that cannot be replaced stays, and nothing is left beside it")
  void failure() throws IOException {
    file.holding("old");
    assertThatThrownBy(() -> file.copyOf(root.resolve("missing")))
        .isInstanceOf(NoSuchFileException.class);
    assertThat(target).hasContent("old");
    assertThat(names()).containsExactly("fairlead");
  }

  @Test
  @DisplayName("it is removed with what a crash left, and the folder stays with the rest")
  void removes() throws IOException {
    file.holding("text");
    Files.writeString(folder.resolve(".fairlead.fairlead"), "half");
    Files.writeString(folder.resolve("other"), "another's");
    assertThat(file.remove()).isTrue();
    assertThat(file.remove()).isFalse();
    assertThat(names()).containsExactly("other");
  }
}
