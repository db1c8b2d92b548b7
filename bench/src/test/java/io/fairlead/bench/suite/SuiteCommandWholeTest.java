package io.fairlead.bench.suite;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.bench.lab.Whole;
import io.fairlead.bench.result.Results;
import io.fairlead.bench.suite.Measurement.Run;
import io.fairlead.bench.suite.Measurement.Where;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Timeout(120)
class SuiteCommandWholeTest {

  private static final List<Measurement> TABLE =
      List.of(
          line("overlay-broken", "overlay --nodes 0"),
          line("overlay", "overlay --nodes 3 --rounds 1"),
          line("other", "start"));

  @TempDir private Path folder;

  private Path launcher;

  /**
   * As the one of the tree that is built, but with the classes of this build, which has no jar yet.
   */
  @BeforeEach
  void writeLauncher() throws Exception {
    Path tree = Whole.distribution().folder();
    launcher = folder.resolve("launcher");
    Files.writeString(
        launcher,
        """
        #!/bin/sh
        exec "%s/bin/java" -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED \
          -D%s="%s" -Dfairlead.dist="%s" -Dfairlead.root="%s" \
          -cp "%s" io.fairlead.bench.cli.BenchCommand "$@"
        """
            .formatted(
                System.getProperty("java.home"),
                SuiteCommand.LAUNCHER,
                launcher,
                tree,
                System.getProperty("fairlead.root"),
                System.getProperty("java.class.path")));
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
    System.setProperty(SuiteCommand.LAUNCHER, launcher.toString());
  }

  @AfterEach
  void forgetLauncher() {
    System.clearProperty(SuiteCommand.LAUNCHER);
  }

  private static Measurement line(String name, String arguments) {
    return new Measurement(name, Where.HOST, Run.of(5, arguments), null);
  }

  @Test
  void aChildThatFailsDoesNotLoseTheOthers() throws Exception {
    int exit =
        new CommandLine(new SuiteCommand(TABLE))
            .execute("--only", "overlay,overlay-broken", "--output", folder.toString());
    assertThat(exit).isEqualTo(1);
    Results results = Results.read(folder.resolve("results.json"));
    assertThat(results.cells()).hasSize(8).allMatch(cell -> cell.name().startsWith("overlay-"));
    assertThat(results.environment())
        .containsEntry("overlay: command", "overlay --nodes 3 --rounds 1")
        .hasEntrySatisfying(
            "overlay-broken: failed",
            reason -> assertThat(reason).startsWith("exit code 2: the benchmark takes 1 to 30000"))
        .containsKeys("begun", "kernel", "load before", "load after")
        .doesNotContainKeys("overlay: kernel", "other: command");
    assertThat(Files.readString(folder.resolve("report.html"))).contains("overlay-broken");
    assertThat(folder.resolve("plots/overlay-1-overlay-join.svg")).exists();
  }

  @Test
  void aRunThatIsEndedLeavesAReport() throws Exception {
    Process process =
        new ProcessBuilder(
                launcher.toString(), "all", "--only", "overlay", "--output", folder.toString())
            .start();
    try (BufferedReader progress = process.errorReader()) {
      assertThat(progress.readLine()).startsWith("[1/1] overlay, about ");
      process.destroy();
      process.waitFor();
    }
    assertThat(Results.read(folder.resolve("results.json")).environment())
        .containsEntry("overlay: failed", "it was ended by the user");
    assertThat(folder.resolve("report.md")).exists();
  }
}
