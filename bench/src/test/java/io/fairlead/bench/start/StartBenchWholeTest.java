package io.fairlead.bench.start;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.bench.lab.Whole;
import io.fairlead.bench.result.Cell;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class StartBenchWholeTest {

  @Test
  @DisplayName("one start from each source gives all figures, and each agent attaches two pods")
  void figures() throws Exception {
    Samples samples = new Samples();
    new StartBench(
            Whole.distribution(), 1, 3, List.of(Source.values()), new ProgressLines(System.err))
        .run(samples);
    assertThat(samples.cells())
        .hasSize(10)
        .allSatisfy(cell -> assertThat(cell.count()).isEqualTo(1))
        .allSatisfy(cell -> assertThat(cell.maximum()).isPositive());
    assertThat(samples.cells().stream().map(Cell::parameters).distinct())
        .as("both sources, and of each how much is resident")
        .hasSize(4);
  }
}
