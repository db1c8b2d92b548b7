package io.fairlead.bench.compare;

import io.fairlead.bench.compare.ComparedCell.Side;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A comparison for people: what differs around the program, then cells by verdict, aligned. */
public final class ComparisonText {

  private static final List<String> HEAD =
      List.of("", "unit", "n", "old", "new", "change", "p", "");

  /** Columns from here on are figures, to the right, except the last one. */
  private static final int FIRST_FIGURE = 2;

  private ComparisonText() {}

  public static String of(Comparison comparison) {
    StringBuilder text = new StringBuilder();
    if (!comparison.environment().isEmpty()) {
      text.append("The environments differ, and what follows may be due to that:\n");
      int width =
          comparison.environment().stream()
              .mapToInt(difference -> difference.fact().length())
              .max()
              .orElse(0);
      for (Comparison.Difference difference : comparison.environment()) {
        text.append("  ")
            .append(difference.fact())
            .append(" ".repeat(width - difference.fact().length()))
            .append("  ")
            .append(difference.before())
            .append(" -> ")
            .append(difference.after())
            .append('\n');
      }
      text.append('\n');
    }
    appendCells(comparison, text);
    text.append(summary(comparison)).append('\n');
    text.append(
        String.format(
            Locale.ROOT,
            "Times and rates: two-sided Mann-Whitney U test, Holm's correction, level %s, and a"
                + " shift of at least %s.%n",
            plain(comparison.criteria().level()),
            percent(comparison.criteria().atLeast())));
    return text.toString();
  }

  /** "1 worse, 0 better, 3 the same, 2 not comparable". */
  static String summary(Comparison comparison) {
    List<String> parts = new ArrayList<>();
    for (Verdict verdict : Verdict.values()) {
      parts.add(comparison.count(verdict) + " " + verdict.title());
    }
    return String.join(", ", parts);
  }

  private static void appendCells(Comparison comparison, StringBuilder text) {
    List<List<String>> rows = new ArrayList<>();
    for (Verdict verdict : Verdict.values()) {
      boolean isFirst = true;
      for (ComparedCell cell : comparison.cells()) {
        if (cell.verdict() == verdict) {
          if (isFirst) {
            rows.add(List.of(verdict.title()));
            isFirst = false;
          }
          rows.add(row(cell));
        }
      }
    }
    int[] widths = HEAD.stream().mapToInt(String::length).toArray();
    for (List<String> row : rows) {
      for (int i = 0; row.size() > 1 && i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    appendRow(HEAD, widths, text);
    for (List<String> row : rows) {
      if (row.size() == 1) {
        text.append(row.getFirst()).append('\n');
      } else {
        appendRow(row, widths, text);
      }
    }
    text.append('\n');
  }

  private static void appendRow(List<String> row, int[] widths, StringBuilder text) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String padding = " ".repeat(widths[i] - row.get(i).length());
      boolean isFigure = i >= FIRST_FIGURE && i < widths.length - 1;
      line.append("  ").append(isFigure ? padding + row.get(i) : row.get(i) + padding);
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }

  private static List<String> row(ComparedCell cell) {
    Double change = cell.change();
    Double probability = cell.probability();
    return List.of(
        title(cell.key()),
        cell.key().unit(),
        counts(cell),
        figure(cell.before()),
        figure(cell.after()),
        change == null ? "" : signed(change),
        probability == null ? "" : probability(probability),
        cell.reason());
  }

  /** The name and the parameters; of those that are numbers, their names too. */
  static String title(CellKey key) {
    String parameters =
        key.parameters().entrySet().stream()
            // Whom a figure is of comes first, and the others by their names.
            .sorted(Comparator.comparing(entry -> !entry.getKey().equals("contender")))
            .map(entry ->
                entry.getValue().matches("\\d+")
                    ? entry.getValue() + " " + entry.getKey()
                    : entry.getValue())
            .collect(Collectors.joining(", "));
    return parameters.isEmpty() ? key.name() : key.name() + ": " + parameters;
  }

  private static String counts(ComparedCell cell) {
    Side before = cell.before();
    Side after = cell.after();
    if (before == null || after == null) {
      return Integer.toString(before != null ? before.count() : after == null ? 0 : after.count());
    }
    return before.count() == after.count()
        ? Integer.toString(before.count())
        : before.count() + ", " + after.count();
  }

  private static String figure(@Nullable Side side) {
    return side == null ? "" : number(side.figure());
  }

  static String number(double value) {
    double size = Math.abs(value);
    String format =
        value == Math.rint(value) && size < 1e15
            ? "%.0f"
            : size < 1 ? "%.4f" : size < 100 ? "%.3f" : size < 10_000 ? "%.1f" : "%.0f";
    return String.format(Locale.ROOT, format, value);
  }

  private static String signed(double change) {
    return Double.isInfinite(change)
        ? "from 0"
        : String.format(Locale.ROOT, "%+.1f %%", 100 * change);
  }

  private static String probability(double value) {
    return value < 0.0001 ? "<0.0001" : String.format(Locale.ROOT, "%.4f", value);
  }

  private static String percent(double part) {
    return plain(100 * part) + " %";
  }

  private static String plain(double value) {
    String text = String.format(Locale.ROOT, "%.4f", value);
    return text.replaceAll("\\.?0+$", "");
  }
}
