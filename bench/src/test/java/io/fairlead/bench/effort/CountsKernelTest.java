package io.fairlead.bench.effort;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.bench.compare.Comparison;
import io.fairlead.bench.compare.ComparisonText;
import io.fairlead.bench.compare.Criteria;
import io.fairlead.bench.compare.Verdict;
import io.fairlead.bench.lab.Whole;
import io.fairlead.bench.result.Results;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a change costs in messages, bytes, operations and allocation is not more than what {@code
 * src/test/resources/counts*.json} say. In a process of its own, with the options of the launcher:
 * allocation depends on the compiler.
 */
class CountsKernelTest {

  private static final Path ROOT = Path.of(System.getProperty("fairlead.root", ".."));
  private static final String FOLDER = "bench/src/test/resources/";

  @TempDir Path folder;

  @Test
  @Timeout(180)
  @DisplayName("no change costs more than before, in every mode that every kernel has")
  void everyKernel() throws Exception {
    guard("counts.json", "all");
  }

  @Test
  @Timeout(180)
  @DisplayName("no change costs more than before, with IPVS")
  void ipvs() throws Exception {
    Whole.requireKernelOf("ipvs");
    guard("counts-ipvs.json", "ipvs");
  }

  private void guard(String name, String backend) throws Exception {
    Results before = Results.read(ROOT.resolve(FOLDER).resolve(name));
    Comparison comparison = Comparison.of(before, counted(backend), Criteria.USUAL);
    assertThat(comparison.count(Verdict.WORSE) + comparison.count(Verdict.NOT_COMPARABLE))
        .as(
            """
            %s
            If this is as it should be, run make counts, look at what differs in %s%s, and commit it.
            """,
            ComparisonText.of(comparison), FOLDER, name)
        .isZero();
  }

  private Results counted(String backend) throws Exception {
    Path file = folder.resolve("counts.json");
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow"));
    String classPath = System.getProperty("surefire.test.class.path");
    line.addAll(
        List.of("-cp", classPath == null ? System.getProperty("java.class.path") : classPath));
    line.addAll(List.of("io.fairlead.bench.cli.BenchCommand", "effort", "--small"));
    line.addAll(List.of("--backend", backend, "--json", file.toString()));
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    String said;
    try (var out = process.getInputStream()) {
      said = new String(out.readAllBytes(), StandardCharsets.UTF_8);
    } finally {
      process.destroy();
    }
    assertThat(process.waitFor())
        .as("exit code of the process that counts, which said:\n%s", said)
        .isZero();
    return Results.read(file);
  }
}
