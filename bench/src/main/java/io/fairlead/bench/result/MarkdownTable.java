package io.fairlead.bench.result;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Cells as a table of Markdown: a row for each figure, a column for each contender, medians with
 * 99th percentiles.
 */
public final class MarkdownTable {

  private static final String CONTENDER = "contender";

  private MarkdownTable() {}

  public static String of(List<Cell> cells) {
    Set<String> contenders = new LinkedHashSet<>();
    Map<String, Map<String, Cell>> rows = new LinkedHashMap<>();
    for (Cell cell : cells) {
      String contender = cell.parameters().getOrDefault(CONTENDER, "");
      contenders.add(contender);
      rows.computeIfAbsent(title(cell), _ -> new LinkedHashMap<>()).put(contender, cell);
    }
    StringBuilder text = new StringBuilder();
    text.append("| p50 (p99; n) | ").append(String.join(" | ", contenders)).append(" |\n");
    text.append("|---").repeat("|---", contenders.size()).append("|\n");
    rows.forEach((title, row) -> {
      text.append("| ").append(title);
      for (String contender : contenders) {
        Cell cell = row.get(contender);
        text.append(" | ").append(cell == null ? "" : figures(cell));
      }
      text.append(" |\n");
    });
    return text.toString();
  }

  private static String title(Cell cell) {
    String parameters =
        cell.parameters().entrySet().stream()
            .filter(entry -> !entry.getKey().equals(CONTENDER))
            .map(entry ->
                entry.getKey().equals("since") ? "since " + entry.getValue() : entry.getValue())
            .collect(Collectors.joining(", "));
    return cell.name() + ", " + parameters + ", " + cell.unit();
  }

  private static String figures(Cell cell) {
    String median = number(cell.percentile(50));
    return cell.count() == 1
        ? median
        : median + " (" + number(cell.percentile(99)) + "; " + cell.count() + ")";
  }

  private static String number(double value) {
    String format = Math.abs(value) < 1 ? "%.3f" : Math.abs(value) < 100 ? "%.1f" : "%.0f";
    return String.format(Locale.ROOT, format, value);
  }
}
