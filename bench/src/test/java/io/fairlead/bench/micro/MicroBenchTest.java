package io.fairlead.bench.micro;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.bench.jmh.Effort;
import io.fairlead.bench.jmh.JavaCompiler;
import io.fairlead.bench.result.Cell;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class MicroBenchTest {

  private static List<Cell> run(String only) throws Exception {
    Samples samples = new Samples();
    new MicroBench(Effort.ONCE, new ProgressLines(System.err))
        .run(only, List.of(JavaCompiler.C1), samples);
    return samples.cells();
  }

  @Test
  @Timeout(120)
  void everyBenchmarkRunsOnce() throws Exception {
    List<Cell> cells = run(".");
    assertThat(cells)
        .hasSize(29)
        .allMatch(cell -> cell.count() == 1 && cell.unit().equals("ns/op"));
    assertThat(cells)
        .extracting(Cell::name)
        .contains(
            "micro-element-encode",
            "micro-conntrack-decode",
            "micro-endpoint-slice-project",
            "micro-selection-select",
            "micro-service-change-replace-endpoint",
            "micro-policy-compile-all",
            "micro-cni-request-parse");
  }

  @Test
  void aPatternNamesSomeOfThem() throws Exception {
    assertThat(run("Route.*decode"))
        .extracting(cell -> cell.name() + " " + cell.parameters())
        .containsExactly("micro-route-decode {compiler=C1, contender=fairlead}");
  }
}
