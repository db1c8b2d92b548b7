package io.fairlead.bench.cni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fairlead.bench.lab.Whole;
import io.fairlead.bench.result.Cell;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Results;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CniBenchWholeTest {

  @BeforeEach
  void programs() {
    for (String program : new String[] {"/usr/lib/cni/bridge", "/usr/bin/iperf3"}) {
      assumeTrue(Files.isExecutable(Path.of(program)), program + " is not installed");
    }
  }

  private static Results run(String... arguments) throws Exception {
    Results results =
        new CniBench(
                Whole.distribution(), CniOptions.parse(arguments), new ProgressLines(System.out))
            .run();
    System.out.print(results.toTable());
    return results;
  }

  @Test
  @DisplayName("every contender adds and deletes its pods, one after the other and at once")
  void attachments() throws Exception {
    Results results =
        run(
            "--what",
            "sequence,parallel",
            "--pods",
            "3",
            "--parallel",
            "20",
            "--services",
            "100",
            "--rules",
            "100",
            "--rounds",
            "1");
    assertThat(results.cells())
        .filteredOn(cell -> cell.unit().equals("ms"))
        .hasSize(18)
        .allMatch(cell -> cell.count() == 3 && cell.percentile(0) > 0.1, "takes time");
    assertThat(results.cells())
        .extracting(cell -> cell.name() + " " + cell.parameters().get("contender"))
        .contains("cni-add fairlead", "cni-del fairlead", "cni-add reference");
    assertThat(results.cells())
        .filteredOn(cell -> cell.name().endsWith("failures"))
        .hasSize(4)
        .extracting(Cell::maximum)
        .containsOnly(0.0);
  }

  @Test
  @DisplayName("packets pass through what the agent and what a hand set up")
  void throughput() throws Exception {
    Results results = run("--what", "throughput", "--rounds", "1", "--seconds", "1");
    assertThat(results.cells()).hasSize(6).allMatch(cell -> cell.percentile(0) > 0);
  }
}
