package io.fairlead.bench.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MergeTest {

  @Test
  void equalCellsBecomeOneAndDifferentFactsAreBothTold() {
    Results first =
        new Results(
            Map.of("kernel", "6.18", "load", "1"),
            List.of(cell("a", "x", 1, 2), cell("b", "x", 3)));
    Results second =
        new Results(
            Map.of("kernel", "6.18", "load", "2"), List.of(cell("a", "x", 4), cell("a", "y", 5)));
    Results merged = Merge.of(List.of(first, second, first));
    assertThat(merged.environment()).isEqualTo(Map.of("kernel", "6.18", "load", "1 | 2"));
    assertThat(merged.cells())
        .containsExactly(cell("a", "x", 1, 2, 4, 1, 2), cell("b", "x", 3, 3), cell("a", "y", 5));
  }

  private static Cell cell(String name, String contender, double... samples) {
    List<Double> values = java.util.Arrays.stream(samples).boxed().toList();
    return new Cell(name, Map.of("contender", contender), "ms", values);
  }
}
