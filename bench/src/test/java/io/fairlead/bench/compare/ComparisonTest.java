package io.fairlead.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fairlead.bench.result.Cell;
import io.fairlead.bench.result.Results;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ComparisonTest {

  private static final int CELLS = 20;

  /** Latencies: a hard floor, a long tail. */
  private static double latency(Random random) {
    return 1 + Math.exp(random.nextGaussian() - 1);
  }

  private static List<Double> draw(int count, Random random, ToDoubleFunction<Random> source) {
    return random.doubles(count).mapToObj(_ -> source.applyAsDouble(random)).toList();
  }

  private static Results results(String unit, List<List<Double>> samples) {
    List<Cell> cells = new ArrayList<>();
    for (int i = 0; i < samples.size(); i++) {
      cells.add(new Cell("cell", Map.of("number", Integer.toString(i)), unit, samples.get(i)));
    }
    return new Results(Map.of(), cells);
  }

  private static ComparedCell one(String unit, List<Double> before, List<Double> after) {
    return Comparison.of(
            results(unit, List.of(before)), results(unit, List.of(after)), Criteria.USUAL)
        .cells()
        .getFirst();
  }

  private static List<Double> numbers(String text) {
    return Arrays.stream(text.split(" ")).map(Double::valueOf).toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {12, 40})
  @DisplayName("of results of one distribution at most one in twenty has any verdict")
  void falsePositives(int count) {
    // Without a least change, so that the test alone decides; 400 pairs of 20 cells each.
    Criteria strict = new Criteria(0, 0.05);
    int alarms = 0;
    int runs = 400;
    for (int seed = 0; seed < runs; seed++) {
      Random random = new Random(seed);
      List<List<Double>> before = new ArrayList<>();
      List<List<Double>> after = new ArrayList<>();
      for (int i = 0; i < CELLS; i++) {
        before.add(draw(count, random, ComparisonTest::latency));
        after.add(draw(count, random, ComparisonTest::latency));
      }
      Comparison comparison = Comparison.of(results("ms", before), results("ms", after), strict);
      alarms += comparison.count(Verdict.SAME) == CELLS ? 0 : 1;
    }
    // 20 are expected at most; 35 would be more than three standard deviations.
    assertThat(alarms).isLessThanOrEqualTo(35);
  }

  @Test
  @DisplayName("a fifth more is found among cells that stayed the same, in every run")
  void shifted() {
    for (int seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      List<List<Double>> before = new ArrayList<>();
      List<List<Double>> after = new ArrayList<>();
      for (int i = 0; i < CELLS; i++) {
        double factor = i == 0 ? 1.2 : i == 1 ? 1 / 1.2 : 1;
        before.add(draw(60, random, r -> 10 + r.nextGaussian()));
        after.add(draw(60, random, r -> factor * (10 + r.nextGaussian())));
      }
      Comparison comparison =
          Comparison.of(results("ms", before), results("ms", after), Criteria.USUAL);
      assertThat(comparison.cells().get(0).verdict()).as("seed %d", seed).isEqualTo(Verdict.WORSE);
      assertThat(comparison.cells().get(1).verdict()).as("seed %d", seed).isEqualTo(Verdict.BETTER);
      assertThat(comparison.count(Verdict.SAME)).as("seed %d", seed).isEqualTo(CELLS - 2);
    }
  }

  @Test
  @DisplayName("a real change below the least one is the same, and says so")
  void small() {
    Random random = new Random(1);
    ComparedCell cell =
        one(
            "ms",
            draw(500, random, r -> 100 + r.nextGaussian()),
            draw(500, random, r -> 104 + r.nextGaussian()));
    assertThat(cell.verdict()).isEqualTo(Verdict.SAME);
    assertThat(cell.reason()).isEqualTo("real, but small");
    assertThat(cell.change()).isCloseTo(0.04, within(0.005));
    assertThat(cell.probability()).isLessThan(0.0001);
  }

  @Test
  @DisplayName("more is better of a rate")
  void rates() {
    Random random = new Random(1);
    List<Double> slow = draw(20, random, r -> 10 + r.nextDouble());
    List<Double> fast = draw(20, random, r -> 15 + r.nextDouble());
    assertThat(one("Gbit/s", slow, fast).verdict()).isEqualTo(Verdict.BETTER);
    assertThat(one("Gbit/s", fast, slow).verdict()).isEqualTo(Verdict.WORSE);
    assertThat(one("ms", fast, slow).verdict()).isEqualTo(Verdict.BETTER);
  }

  @Test
  @DisplayName("one outlier is not a change")
  void outlier() {
    Random random = new Random(1);
    List<Double> before = draw(30, random, r -> 10 + r.nextGaussian());
    List<Double> after = new ArrayList<>(draw(30, random, r -> 10 + r.nextGaussian()));
    after.set(7, 5000.0);
    assertThat(one("ms", before, after).verdict()).isEqualTo(Verdict.SAME);
  }

  @ParameterizedTest
  @DisplayName("counts need no test: any increase is worse, of allocation one beyond 5 %")
  @CsvSource({
    "messages, 4 4 4, 4 4 4, SAME",
    "messages, 4 4 4, 4 4 5, WORSE",
    "messages, 4 6, 5, SAME",
    "bytes, 100, 99.9, BETTER",
    "operations, 0, 1, WORSE",
    "elements, 2 2, 2 3, WORSE",
    "calls, 2, 1, BETTER",
    "B, 10000 10000, 10400 10400, SAME",
    "B, 10000 10000 10000, 10600 10600 10000, WORSE",
    "B, 10000 10000 10000, 90000 10000 10000, SAME",
    "B, 0, 60, SAME",
    "B/op, 0, 72, WORSE",
    "B/op, 200, 120, BETTER"
  })
  void counts(String unit, String before, String after, Verdict verdict) {
    ComparedCell cell = one(unit, numbers(before), numbers(after));
    assertThat(cell.verdict()).isEqualTo(verdict);
    assertThat(cell.probability()).isNull();
  }

  @ParameterizedTest
  @DisplayName("few samples are worse only if none of them can be overlooked")
  @CsvSource({
    "100 110 90, 120 110 130, NOT_COMPARABLE, 0.2",
    "100, 149, NOT_COMPARABLE, 0.49",
    "100, 151, WORSE, 0.51",
    "100 110, 170 160, NOT_COMPARABLE, 0.571",
    "100 110, 170 180, WORSE, 0.667",
    "170 180, 100 110, BETTER, -0.4",
  })
  void few(String before, String after, Verdict verdict, double change) {
    ComparedCell cell = one("MB", numbers(before), numbers(after));
    assertThat(cell.verdict()).isEqualTo(verdict);
    assertThat(cell.change()).isCloseTo(change, within(0.001));
    assertThat(cell.reason()).isEqualTo("too few samples for a test");
  }

  @Test
  @DisplayName("what vanished, is new or is there twice is named")
  void unmatched() {
    Cell kept = new Cell("kept", Map.of("a", "b"), "ms", List.of(1.0));
    Cell gone = new Cell("gone", Map.of(), "ms", List.of(1.0));
    Cell other = new Cell("kept", Map.of("a", "c"), "ms", List.of(1.0));
    Cell unit = new Cell("kept", Map.of("a", "b"), "us", List.of(1.0));
    Comparison comparison =
        Comparison.of(
            new Results(Map.of(), List.of(kept, gone)),
            new Results(Map.of(), List.of(other, unit, kept, kept)),
            Criteria.USUAL);
    assertThat(comparison.cells())
        .extracting(cell ->
            ComparisonText.title(cell.key()) + " " + cell.key().unit() + ", " + cell.reason())
        .containsExactly(
            "kept: c ms, new: the old result lacks it",
            "kept: b us, new: the old result lacks it",
            "kept: b ms, there is more than one in the new result",
            "gone ms, gone: the new result lacks it");
    assertThat(comparison.count(Verdict.NOT_COMPARABLE)).isEqualTo(4);
  }

  @Test
  @DisplayName("environments differ by what is not the load")
  void environments() {
    Comparison comparison =
        Comparison.of(
            new Results(Map.of("kernel", "6.18", "load before", "1", "java", "25"), List.of()),
            new Results(Map.of("kernel", "6.19", "load before", "9"), List.of()),
            Criteria.USUAL);
    assertThat(comparison.environment())
        .containsExactlyInAnyOrder(
            new Comparison.Difference("kernel", "6.18", "6.19"),
            new Comparison.Difference("java", "25", "unknown"));
  }

  @Test
  void holmsCorrection() {
    // Holm's own example: 0.01, 0.04, 0.03, 0.005 among four.
    assertThat(Holm.corrected(new double[] {0.01, 0.04, 0.03, 0.005}))
        .usingComparatorWithPrecision(1e-12)
        .containsExactly(0.03, 0.06, 0.06, 0.02);
    assertThat(Holm.corrected(new double[] {0.9, 0.8})).containsExactly(1, 1);
    assertThat(Holm.corrected(new double[0])).isEmpty();
  }

  @Test
  void theShiftIsTheMedianOfAllDifferences() {
    // 4-1 5-1 9-1, 4-2 5-2 9-2, 4-6 5-6 9-6: -2 -1 2 3 3 3 4 7 8
    assertThat(Shift.between(new double[] {1, 2, 6}, new double[] {4, 5, 9})).isEqualTo(3);
    Random random = new Random(3);
    double[] many = random.doubles(5000).toArray();
    double[] more = random.doubles(4000).map(value -> value + 0.5).toArray();
    assertThat(Shift.between(many, more)).isCloseTo(0.5, within(0.03));
  }
}
