package io.fairlead.bench.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ResultsTest {

  private static final Cell HUNDRED =
      new Cell(
          "count",
          Map.of("to", "hundred"),
          "ms",
          IntStream.rangeClosed(1, 100).mapToObj(i -> (double) (101 - i)).toList());

  @Test
  void percentilesAreByNearestRank() {
    assertThat(HUNDRED.percentile(50)).isEqualTo(50);
    assertThat(HUNDRED.percentile(99)).isEqualTo(99);
    assertThat(HUNDRED.percentile(0)).isEqualTo(1);
    assertThat(HUNDRED.maximum()).isEqualTo(100);
    Cell three = new Cell("three", Map.of(), "ms", List.of(5.0, 1.0, 9.0));
    assertThat(three.percentile(50)).isEqualTo(5);
    assertThat(three.percentile(99)).isEqualTo(9);
    assertThat(three.samples()).as("in the order taken").containsExactly(5.0, 1.0, 9.0);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Cell("none", Map.of(), "ms", List.of()))
        .withMessage("the cell none has no samples");
  }

  @Test
  void theTableIsAligned() {
    Cell slow =
        new Cell("a-longer-name", Map.of("b", "second", "a", "first"), "us", List.of(1234.5));
    assertThat(new Results(Map.of(), List.of(HUNDRED, slow)).toTable())
        .isEqualTo(
            """
                                          unit    n    p50    p90    p99   max
            count          hundred        ms    100  50.00  90.00  99.00   100
            a-longer-name  first, second  us      1   1235   1235   1235  1235
            """);
  }

  @Test
  void theJsonHasEverySample() throws Exception {
    Cell cell = new Cell("cni-add", Map.of("contender", "x"), "ms", List.of(2.0, 1.0));
    assertThat(new Results(Map.of("kernel", "6.18"), List.of(cell)).toJson())
        .isEqualToIgnoringWhitespace(
            """
            {"environment":{"kernel":"6.18"},
             "cells":[{"name":"cni-add","params":{"contender":"x"},"unit":"ms","n":2,
              "p50":1.0,"p90":2.0,"p99":2.0,"max":2.0,"samples":[2.0,1.0]}]}
            """);
  }
}
