package io.fairlead.bench.compare;

import io.fairlead.bench.result.Cell;
import io.fairlead.bench.result.Results;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.math3.stat.inference.MannWhitneyUTest;

/**
 * Two results, cell by cell. Cells are matched by name, parameters and unit.
 *
 * <p>Times and rates are tested by the two-sided Mann-Whitney U test (normal approximation), with
 * Holm's correction for the number of cells tested; a change must also be as large as {@link
 * Criteria#atLeast} by the Hodges-Lehmann shift. Counts, and cells of few samples, are compared
 * without a test.
 *
 * @param criteria what was beyond noise
 * @param environment what differs around the program
 * @param cells in the order of the new result, and then those that are only in the old one
 */
public record Comparison(
    Criteria criteria, List<Difference> environment, List<ComparedCell> cells) {

  /** What changes from run to run and says nothing about the machine. */
  private static final String LOAD = "load";

  /** A fact of the environment that differs; "unknown" where one side does not have it. */
  public record Difference(String fact, String before, String after) {}

  public Comparison {
    environment = List.copyOf(environment);
    cells = List.copyOf(cells);
  }

  /** Compares two results. */
  public static Comparison of(Results before, Results after, Criteria criteria) {
    Map<CellKey, List<Cell>> old = byKey(before);
    Map<CellKey, List<Cell>> current = byKey(after);
    Set<CellKey> keys = new LinkedHashSet<>(current.keySet());
    keys.addAll(old.keySet());

    Map<CellKey, Double> tested = test(keys, old, current);
    List<ComparedCell> cells = new ArrayList<>();
    for (CellKey key : keys) {
      CellJudge judge =
          new CellJudge(
              criteria,
              key,
              old.getOrDefault(key, List.of()),
              current.getOrDefault(key, List.of()));
      cells.add(judge.judge(tested.get(key)));
    }
    return new Comparison(criteria, differences(before.environment(), after.environment()), cells);
  }

  /** How many cells have the verdict. */
  public long count(Verdict verdict) {
    return cells.stream().filter(cell -> cell.verdict() == verdict).count();
  }

  private static Map<CellKey, List<Cell>> byKey(Results results) {
    Map<CellKey, List<Cell>> cells = new LinkedHashMap<>();
    for (Cell cell : results.cells()) {
      cells
          .computeIfAbsent(
              new CellKey(cell.name(), cell.parameters(), cell.unit()), _ -> new ArrayList<>())
          .add(cell);
    }
    return cells;
  }

  private static Map<CellKey, Double> test(
      Set<CellKey> keys, Map<CellKey, List<Cell>> before, Map<CellKey, List<Cell>> after) {
    MannWhitneyUTest test = new MannWhitneyUTest();
    List<CellKey> tested = new ArrayList<>();
    List<Double> probabilities = new ArrayList<>();
    for (CellKey key : keys) {
      List<Cell> old = before.getOrDefault(key, List.of());
      List<Cell> current = after.getOrDefault(key, List.of());
      if (CellJudge.isTested(key, old, current)) {
        tested.add(key);
        probabilities.add(
            test.mannWhitneyUTest(
                CellJudge.samples(old.getFirst()), CellJudge.samples(current.getFirst())));
      }
    }
    double[] corrected =
        Holm.corrected(probabilities.stream().mapToDouble(Double::doubleValue).toArray());
    Map<CellKey, Double> result = new LinkedHashMap<>();
    for (int i = 0; i < corrected.length; i++) {
      result.put(tested.get(i), corrected[i]);
    }
    return result;
  }

  private static List<Difference> differences(
      Map<String, String> before, Map<String, String> after) {
    Set<String> facts = new LinkedHashSet<>(after.keySet());
    facts.addAll(before.keySet());
    List<Difference> differences = new ArrayList<>();
    for (String fact : facts) {
      String old = before.getOrDefault(fact, "unknown");
      String current = after.getOrDefault(fact, "unknown");
      if (!fact.startsWith(LOAD) && !old.equals(current)) {
        differences.add(new Difference(fact, old, current));
      }
    }
    return differences;
  }
}
