package io.fairlead.bench.report;

import io.fairlead.bench.report.plot.Numbers;
import io.fairlead.bench.report.plot.Plot;
import io.fairlead.bench.report.plot.RowPlot;
import io.fairlead.bench.result.Cell;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Chooses plots for all cells of one figure and unit. What is compared in one plot differs in
 * nothing but the contender: everyone in it had the same sizes, in the same kernel.
 */
final class Figures {

  private static final int MOST_ROWS = 24;

  private final List<Cell> cells;
  private final String name;
  private final String unit;

  /**
   * @param cells at least one
   */
  Figures(List<Cell> cells) {
    this.cells = List.copyOf(cells);
    this.name = cells.getFirst().name();
    this.unit = cells.getFirst().unit();
  }

  /** Contenders at the sizes that most of them were measured with, a group for each change. */
  Plot rows() {
    Map<String, String> sizes = commonSizes();
    Map<String, List<Cell>> groups = new LinkedHashMap<>();
    for (Cell cell : at(sizes)) {
      groups
          .computeIfAbsent(
              Labels.parameters(cell.parameters(), Set.copyOf(Labels.SIZES)),
              _ -> new ArrayList<>())
          .add(cell);
    }
    List<Map.Entry<String, List<Cell>>> sorted = new ArrayList<>(groups.entrySet());
    sorted.sort(Comparator.comparingInt(group -> -importance(group.getValue())));
    List<RowPlot.Group> drawn = new ArrayList<>();
    int rows = 0;
    for (Map.Entry<String, List<Cell>> group : sorted) {
      rows += group.getValue().size();
      if (drawn.isEmpty() || rows <= MOST_ROWS) {
        drawn.add(group(group.getKey(), group.getValue(), groups.size() == 1));
      }
    }
    String title = title(Labels.parameters(sizes, Set.of()));
    if (groups.size() == 1) {
      title = title(Labels.parameters(sorted.getFirst().getValue().getFirst().parameters(), Set.of()));
    }
    int left = sorted.size() - drawn.size();
    String below = takeaway(sorted.getFirst().getValue());
    return new RowPlot(
        title,
        left == 0 ? below : below + " " + left + " more groups are in the table.",
        unit,
        drawn);
  }

  private static RowPlot.Group group(String heading, List<Cell> cells, boolean only) {
    List<RowPlot.Row> rows =
        cells.stream()
            .sorted(Order.CONTENDERS)
            .map(cell -> new RowPlot.Row(
                Labels.contender(cell), Styles.of(Labels.contender(cell)), cell.samples()))
            .toList();
    return new RowPlot.Group(only ? "" : heading, rows);
  }

  /** Groups with more contenders first, and of these the change that everything begins with. */
  private static int importance(List<Cell> group) {
    String change = group.getFirst().parameters().getOrDefault("change", "");
    return group.size() * 2 + (change.equals("endpoint replaced") ? 1 : 0);
  }

  /** The sizes that most contenders have in common; of several such the largest. */
  Map<String, String> commonSizes() {
    Map<Map<String, String>, Set<String>> contenders = new LinkedHashMap<>();
    for (Cell cell : cells) {
      Set<String> found =
          contenders.computeIfAbsent(sizes(cell), _ -> new HashSet<>());
      if (Role.of(Labels.contender(cell)) != Role.FLOOR) {
        found.add(Labels.contender(cell));
      }
    }
    return contenders.entrySet().stream()
        .max(Comparator.<Map.Entry<Map<String, String>, Set<String>>>comparingInt(
                entry -> entry.getValue().size())
            .thenComparingDouble(entry -> magnitude(entry.getKey())))
        .orElseThrow()
        .getKey();
  }

  private static double magnitude(Map<String, String> sizes) {
    return sizes.values().stream().mapToDouble(Series::number).sum();
  }

  private static Map<String, String> sizes(Cell cell) {
    Map<String, String> sizes = new TreeMap<>(cell.parameters());
    sizes.keySet().retainAll(Labels.SIZES);
    return sizes;
  }

  /** Cells of these sizes, and floors, which may have fewer. */
  List<Cell> at(Map<String, String> sizes) {
    return cells.stream()
        .filter(cell -> {
          Map<String, String> own = sizes(cell);
          return own.equals(sizes)
              || Role.of(Labels.contender(cell)) == Role.FLOOR
                  && sizes.entrySet().containsAll(own.entrySet());
        })
        .toList();
  }

  /** Those of {@link #at} the common sizes that make the first group of {@link #rows}. */
  List<Cell> headline() {
    Map<String, List<Cell>> groups = new LinkedHashMap<>();
    for (Cell cell : at(commonSizes())) {
      groups
          .computeIfAbsent(
              Labels.parameters(cell.parameters(), Set.copyOf(Labels.SIZES)),
              _ -> new ArrayList<>())
          .add(cell);
    }
    return groups.values().stream()
        .max(Comparator.comparingInt(Figures::importance))
        .orElseThrow();
  }

  private String title(String parameters) {
    return Labels.figure(name) + (parameters.isEmpty() ? "" : ": " + parameters);
  }

  /** The best of each role, by the median. */
  private String takeaway(List<Cell> group) {
    boolean most = unit.endsWith("/s");
    Comparator<Cell> byMedian = Comparator.comparingDouble(cell -> cell.percentile(50));
    StringBuilder text = new StringBuilder();
    for (Role role : Role.values()) {
      group.stream()
          .filter(cell -> Role.of(Labels.contender(cell)) == role)
          .min(most ? byMedian.reversed() : byMedian)
          .ifPresent(cell -> {
            text.append(text.isEmpty() ? (most ? "Highest" : "Lowest") + " medians: " : "; ");
            text.append(role == Role.RIVAL ? "of rivals " : "").append(Labels.contender(cell));
            text.append(' ').append(Numbers.text(cell.percentile(50))).append(' ').append(unit);
          });
    }
    return text + ".";
  }
}
