package io.fairlead.bench.scale;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.bench.result.Cell;
import io.fairlead.bench.result.Results;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ScaleCommandTest {

  @TempDir Path folder;

  private record Run(int exit, String out, String error) {}

  private static Run run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter error = new StringWriter();
    int exit =
        new CommandLine(new ScaleCommand())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(error))
            .execute(arguments);
    return new Run(exit, out.toString(), error.toString());
  }

  private String results() throws Exception {
    Path file = folder.resolve("results.json");
    Cell cell =
        new Cell(
            "first-sync",
            Map.of("contender", "fairlead nftables", "services", "10000", "endpoints", "2"),
            "ms",
            List.of(200.0, 220.0));
    new Results(Map.of(), List.of(cell)).writeJson(file);
    return file.toString();
  }

  @Test
  @Timeout(60)
  void printsTheModelWithTheBytesOfRealEvents() throws Exception {
    Run run = run(results(), "--nodes", "1000", "--changes-per-second", "10");
    assertThat(run.exit()).as(run.error()).isZero();
    assertThat(run.out())
        .startsWith("1000 nodes, 100000 Services of 2 endpoints, 150000 pods, 10 changes")
        .containsPattern(
            "watch event of an EndpointSlice by endpoints, B \\| 2: \\d{4}, 10: \\d{4}")
        .contains("| first sync | 2000 ms | first-sync fairlead nftables 10000 x 2, carried in")
        .contains("| events sent for EndpointSlices | 10000 1/s |");
  }

  @Test
  void anImpossibleClusterIsRefused() throws Exception {
    Run run = run(results(), "--changed-slice", "5000");
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.error()).contains("EndpointSlices with 1 to 1000 endpoints");
  }
}
