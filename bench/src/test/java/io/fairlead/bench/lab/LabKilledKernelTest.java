package io.fairlead.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A lab whose JVM ends in a hard way leaves no process, no namespace and no file. */
@Tag("alone") // It looks for namespaces by inode, which the kernel gives to others at once.
class LabKilledKernelTest {

  private static final Duration LIMIT = Duration.ofSeconds(10);

  @TempDir private Path tree;
  private final List<Path> folders = new ArrayList<>();
  private final List<Long> namespaces = new ArrayList<>();
  private final List<Long> processes = new ArrayList<>();
  private Process lab;

  @BeforeEach
  void startLab() throws Exception {
    lab =
        new ProcessBuilder(
                "env", // A shell's background jobs, and so their children, ignore Control-C.
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                KilledLab.class.getName(),
                tree.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader lines = lab.inputReader();
    for (String line = lines.readLine(); !"up".equals(line); line = lines.readLine()) {
      assertThat(line).as("the lab's output before it was up").isNotNull();
      String value = line.substring(line.indexOf(' ') + 1);
      switch (line.substring(0, line.indexOf(' '))) {
        case "folder" -> folders.add(Path.of(value));
        case "namespace" -> namespaces.add(Long.valueOf(value));
        case "process" -> processes.add(Long.valueOf(value));
        default -> throw new AssertionError("the lab printed " + line);
      }
    }
    assertThat(folders).singleElement().satisfies(folder -> assertThat(folder).exists());
    assertThat(processes).hasSize(2).allMatch(LabKilledKernelTest::isAlive);
    assertThat(namespaces).hasSize(4).allMatch(LabKilledKernelTest::isHeld);
  }

  @Test
  void killedWithNine() throws Exception {
    lab.destroyForcibly();
    assertNothingRemains();
  }

  @Test
  void interruptedAsByControlC() throws Exception {
    new ProcessBuilder("kill", "-INT", Long.toString(lab.pid())).start().waitFor();
    assertNothingRemains();
  }

  @Test
  void closedInOrder() throws Exception {
    lab.getOutputStream().close();
    assertNothingRemains();
  }

  private void assertNothingRemains() throws Exception {
    assertThat(lab.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).as("the lab ended").isTrue();
    Await.until(
        "its agents " + processes + " are gone",
        LIMIT,
        () -> processes.stream().noneMatch(LabKilledKernelTest::isAlive));
    Await.until(
        "nothing holds its namespaces " + namespaces,
        LIMIT,
        () -> namespaces.stream().noneMatch(LabKilledKernelTest::isHeld));
    Await.until(folders + " is gone", LIMIT, () -> folders.stream().noneMatch(Files::exists));
  }

  private static boolean isAlive(long process) {
    return Files.exists(Path.of("/proc", Long.toString(process)));
  }

  /** Whether any thread lives in the namespace, or a descriptor or mount keeps it. */
  private static boolean isHeld(long inode) {
    String name = "net:[" + inode + "]";
    try (Stream<Path> all = Files.list(Path.of("/proc"))) {
      return all.filter(path -> path.getFileName().toString().matches("\\d+"))
          .anyMatch(process -> holds(process, name));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean holds(Path process, String name) {
    try {
      if (Files.readString(process.resolve("mountinfo")).contains(name)) {
        return true;
      }
    } catch (IOException _) {
      return false; // It ended just now, so it holds nothing.
    }
    return links(process.resolve("fd")).anyMatch(name::equals)
        || list(process.resolve("task"))
            .flatMap(task -> Stream.ofNullable(target(task.resolve("ns/net"))))
            .anyMatch(name::equals);
  }

  private static Stream<String> links(Path folder) {
    return list(folder).flatMap(link -> Stream.ofNullable(target(link)));
  }

  private static Stream<Path> list(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.toList().stream();
    } catch (IOException _) {
      return Stream.empty();
    }
  }

  private static @Nullable String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException _) {
      return null;
    }
  }
}
