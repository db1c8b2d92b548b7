package io.fairlead.bench.report;

import io.fairlead.bench.report.plot.Numbers;
import io.fairlead.bench.result.Cell;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * Rows of text under a heading each.
 *
 * @param caption what it has
 * @param head as many as each row has
 * @param words how many columns, from the left, are words and not numbers
 */
record Table(String caption, List<String> head, int words, List<List<String>> rows) {

  Table {
    head = List.copyOf(head);
    rows = List.copyOf(rows);
  }

  /** All cells of one figure and unit: what was measured with what, percentiles, and floors. */
  static Table of(List<Cell> cells, Floors floors) {
    Cell first = cells.getFirst();
    List<List<String>> rows = new ArrayList<>();
    List<Cell> sorted = new ArrayList<>(cells);
    sorted.sort(Comparator.comparing(Table::sizes).thenComparing(Order.CONTENDERS));
    for (Cell cell : sorted) {
      rows.add(
          List.of(
              Labels.parameters(cell.parameters(), Set.of()),
              Labels.contender(cell),
              Numbers.text(cell.percentile(50)),
              Numbers.text(cell.percentile(90)),
              Numbers.text(cell.percentile(99)),
              Numbers.text(cell.maximum()),
              Integer.toString(cell.count()),
              floors.distance(cell).map(Numbers::text).orElse("")));
    }
    return new Table(
        Labels.figure(first.name()) + " (`" + first.name() + "`), " + first.unit(),
        List.of("", "contender", "p50", "p90", "p99", "max", "n", "times the floor"),
        2,
        rows);
  }

  /** Sorts by sizes as numbers, then by what else there is. */
  private static String sizes(Cell cell) {
    StringBuilder text = new StringBuilder();
    for (String size : Labels.SIZES) {
      String value = cell.parameters().getOrDefault(size, "");
      text.append("0".repeat(Math.max(0, 18 - value.length()))).append(value).append(' ');
    }
    return text + Labels.parameters(cell.parameters(), Set.copyOf(Labels.SIZES));
  }
}
