package io.fairlead.bench.report;

import io.fairlead.bench.report.plot.LinePlot;
import io.fairlead.bench.report.plot.Numbers;
import io.fairlead.bench.report.plot.Plot;
import io.fairlead.bench.result.Cell;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Chooses plots with lines: figures over sizes, over percentiles, and over time. */
final class Series {

  private static final int LEAST_SAMPLES = 20;
  private static final int MOST_POINTS = 1500;
  private static final int POINTS_PER_NINE = 20;

  private Series() {}

  /** A value of a parameter that is a size; 0 if it is none. */
  static double number(String value) {
    return value.matches("\\d{1,15}") ? Double.parseDouble(value) : 0;
  }

  /** Medians over the size that varies most, everything else being equal. */
  static Optional<Plot> overSizes(List<Cell> cells) {
    return Labels.SIZES.stream()
        .max(Comparator.comparingLong(size -> values(cells, size)))
        .filter(size -> values(cells, size) > 1)
        .flatMap(size -> overSize(cells, size));
  }

  private static long values(List<Cell> cells, String size) {
    return cells.stream()
        .map(cell -> cell.parameters().getOrDefault(size, "0"))
        .filter(value -> number(value) > 0)
        .distinct()
        .count();
  }

  private static Optional<Plot> overSize(List<Cell> cells, String size) {
    Map<Map<String, String>, List<Cell>> groups = new LinkedHashMap<>();
    for (Cell cell : cells) {
      if (number(cell.parameters().getOrDefault(size, "0")) > 0) {
        Map<String, String> rest = new TreeMap<>(cell.parameters());
        rest.keySet().removeAll(Set.of(size, Labels.CONTENDER));
        groups.computeIfAbsent(rest, _ -> new ArrayList<>()).add(cell);
      }
    }
    return groups.entrySet().stream()
        .max(Comparator.comparingInt(group -> weight(group.getKey(), group.getValue(), size)))
        .filter(group -> values(group.getValue(), size) > 1)
        .map(group -> plot(group.getKey(), group.getValue(), size));
  }

  /** How many points of lines there are; the change that everything begins with is preferred. */
  private static int weight(Map<String, String> rest, List<Cell> cells, String size) {
    int points =
        byContender(cells).values().stream()
            .filter(series -> values(series, size) > 1)
            .mapToInt(List::size)
            .sum();
    return points * 2 + (rest.getOrDefault("change", "").equals("endpoint replaced") ? 1 : 0);
  }

  private static Map<String, List<Cell>> byContender(List<Cell> cells) {
    Map<String, List<Cell>> series = new LinkedHashMap<>();
    cells.stream()
        .sorted(Order.CONTENDERS)
        .forEach(cell ->
            series.computeIfAbsent(Labels.contender(cell), _ -> new ArrayList<>()).add(cell));
    return series;
  }

  private static Plot plot(Map<String, String> rest, List<Cell> cells, String size) {
    Cell any = cells.getFirst();
    List<LinePlot.Series> series = new ArrayList<>();
    byContender(cells)
        .forEach((contender, own) -> {
          List<LinePlot.Point> points =
              own.stream()
                  .map(cell ->
                      new LinePlot.Point(
                          number(cell.parameters().getOrDefault(size, "0")), cell.percentile(50)))
                  .sorted(Comparator.comparingDouble(LinePlot.Point::x))
                  .toList();
          series.add(new LinePlot.Series(contender, Styles.of(contender), points));
        });
    String with = Labels.parameters(rest, Set.of());
    return new LinePlot(
        Labels.figure(any.name()) + " as " + Labels.size(size) + " grow",
        with.isEmpty() ? "Medians." : "Medians; " + with + ".",
        new LinePlot.Across(LinePlot.Kind.SIZES, Labels.size(size) + ", logarithmic"),
        "p50, " + any.unit(),
        series);
  }

  /** The distribution of each of these cells that has samples enough. */
  static Optional<Plot> overPercentiles(List<Cell> cells) {
    List<Cell> enough =
        cells.stream()
            .filter(cell -> cell.count() >= LEAST_SAMPLES)
            .sorted(Order.CONTENDERS)
            .toList();
    if (enough.isEmpty()) {
      return Optional.empty();
    }
    Cell any = enough.getFirst();
    List<LinePlot.Series> series =
        enough.stream()
            .map(cell ->
                new LinePlot.Series(
                    Labels.contender(cell), Styles.of(Labels.contender(cell)), percentiles(cell)))
            .toList();
    return Optional.of(
        new LinePlot(
            Labels.figure(any.name()) + ", by percentile",
            Labels.parameters(any.parameters(), Set.of()) + ".",
            new LinePlot.Across(LinePlot.Kind.PERCENTILES, "percentile"),
            any.unit(),
            series));
  }

  private static List<LinePlot.Point> percentiles(Cell cell) {
    double[] sorted = cell.samples().stream().mapToDouble(Double::doubleValue).sorted().toArray();
    List<LinePlot.Point> points = new ArrayList<>();
    for (int i = 0; ; i++) {
      double above = Math.pow(10, -i / (double) POINTS_PER_NINE);
      if (above * sorted.length < 1) {
        return points;
      }
      int rank = (int) Math.ceil((1 - above) * sorted.length);
      points.add(new LinePlot.Point(100 * (1 - above), sorted[Math.max(rank - 1, 0)]));
    }
  }

  /** Each sample of the first of these cells that is ours and has samples enough. */
  static Optional<Plot> overTime(List<Cell> cells) {
    return cells.stream()
        .filter(cell -> Role.of(Labels.contender(cell)) == Role.OURS)
        .filter(cell -> cell.count() >= LEAST_SAMPLES)
        .min(Order.CONTENDERS)
        .map(Series::samples);
  }

  private static Plot samples(Cell cell) {
    int each = Math.ceilDiv(cell.count(), MOST_POINTS);
    List<LinePlot.Point> points = new ArrayList<>();
    for (int i = 0; i < cell.count(); i += each) {
      List<Double> some = cell.samples().subList(i, Math.min(i + each, cell.count()));
      points.add(
          new LinePlot.Point(
              i + 1, some.stream().mapToDouble(Double::doubleValue).max().orElseThrow()));
    }
    String contender = Labels.contender(cell);
    List<LinePlot.Series> series = new ArrayList<>();
    series.add(new LinePlot.Series("samples", Styles.of(contender), points));
    for (int percent : new int[] {50, 99}) {
      double value = cell.percentile(percent);
      String label = "p" + percent + " " + Numbers.text(value) + " " + cell.unit();
      List<LinePlot.Point> level =
          List.of(new LinePlot.Point(1, value), new LinePlot.Point(cell.count(), value));
      series.add(new LinePlot.Series(label, Styles.of("floor: level"), level));
    }
    String what = each == 1 ? "Every sample" : "The highest of each " + each + " samples";
    return new LinePlot(
        Labels.figure(cell.name()) + ": " + contender + ", in the order taken",
        what + "; " + Labels.parameters(cell.parameters(), Set.of()) + ".",
        new LinePlot.Across(LinePlot.Kind.ORDER, "number of the sample"),
        cell.unit(),
        series);
  }
}
