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
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Chooses plots for all cells of one figure and unit. What is compared in one plot differs in
 * nothing but the contender: everyone in it had the same sizes, in the same kernel.
 */
final class Figures {

  private static final int MOST_ROWS = 24;

  /** The size that the aims of the project are about. */
  private static final String USUAL_SERVICES = "10000";

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

  /** All contenders at the sizes that most of them were measured with, for one change. */
  Plot headline() {
    List<Cell> first = groups().getFirst().cells();
    String title = title(Labels.parameters(withSizes(first), Set.of()));
    return new RowPlot(title, takeaway(first), unit, List.of(group("", first)));
  }

  /** The other changes at the same sizes, without floors, if there are any. */
  Optional<Plot> others() {
    List<RowPlot.Group> drawn = new ArrayList<>();
    int rows = 0;
    int left = 0;
    for (Group group : groups().subList(1, groups().size())) {
      List<Cell> contenders =
          group.cells().stream()
              .filter(cell -> Role.of(Labels.contender(cell)) != Role.FLOOR)
              .toList();
      if (contenders.isEmpty()) {
        continue;
      }
      if (drawn.isEmpty() || rows + contenders.size() <= MOST_ROWS) {
        drawn.add(group(group.heading(), contenders));
        rows += contenders.size();
      } else {
        left++;
      }
    }
    String below = left == 0 ? "" : left + " more are in the table.";
    return drawn.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new RowPlot(
                title(Labels.parameters(commonSizes(), Set.of())) + ", the others",
                below,
                unit,
                drawn));
  }

  /** Cells that differ in nothing but the contender. */
  private record Group(String heading, List<Cell> cells) {}

  /** At the common sizes; first those with most contenders. */
  private List<Group> groups() {
    Map<String, List<Cell>> groups = new LinkedHashMap<>();
    for (Cell cell : at(commonSizes())) {
      groups
          .computeIfAbsent(
              Labels.parameters(cell.parameters(), Set.copyOf(Labels.SIZES)),
              _ -> new ArrayList<>())
          .add(cell);
    }
    return groups.entrySet().stream()
        .map(entry -> new Group(entry.getKey(), entry.getValue()))
        .sorted(Comparator.comparingInt(group -> -importance(group.cells())))
        .toList();
  }

  /** The cells of {@link #headline}. */
  List<Cell> headlineCells() {
    return groups().getFirst().cells();
  }

  /** Parameters of a group; a floor may have fewer than the others. */
  private static Map<String, String> withSizes(List<Cell> group) {
    return group.stream()
        .map(Cell::parameters)
        .max(Comparator.comparingInt(Map::size))
        .orElseThrow();
  }

  private static RowPlot.Group group(String heading, List<Cell> cells) {
    return new RowPlot.Group(
        heading,
        cells.stream()
            .sorted(Order.CONTENDERS)
            .map(cell ->
                new RowPlot.Row(
                    Labels.contender(cell), Styles.of(Labels.contender(cell)), cell.samples()))
            .toList());
  }

  /** More contenders first, and of as many the change that everything begins with. */
  private static int importance(List<Cell> group) {
    String change = group.getFirst().parameters().getOrDefault("change", "");
    return group.size() * 2 + (change.equals("endpoint replaced") ? 1 : 0);
  }

  /**
   * The sizes that most contenders have in common; of several such 10,000 Services, else the
   * largest.
   */
  Map<String, String> commonSizes() {
    Map<Map<String, String>, Set<String>> contenders = new LinkedHashMap<>();
    for (Cell cell : cells) {
      Set<String> found = contenders.computeIfAbsent(sizes(cell), _ -> new HashSet<>());
      if (Role.of(Labels.contender(cell)) != Role.FLOOR) {
        found.add(Labels.contender(cell));
      }
    }
    return contenders.entrySet().stream()
        .max(
            Comparator.<Map.Entry<Map<String, String>, Set<String>>>comparingInt(
                    entry -> entry.getValue().size())
                .thenComparingDouble(entry -> magnitude(entry.getKey())))
        .orElseThrow()
        .getKey();
  }

  private static double magnitude(Map<String, String> sizes) {
    return USUAL_SERVICES.equals(sizes.get("services"))
        ? Double.MAX_VALUE
        : sizes.values().stream().mapToDouble(Series::number).sum();
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
          boolean floor = Role.of(Labels.contender(cell)) == Role.FLOOR;
          return own.equals(sizes) || (floor && sizes.entrySet().containsAll(own.entrySet()));
        })
        .toList();
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
            text.append(role == Role.RIVAL ? "rivals, " : "").append(Labels.contender(cell));
            text.append(' ').append(Numbers.text(cell.percentile(50))).append(' ').append(unit);
          });
    }
    return text + ".";
  }
}
