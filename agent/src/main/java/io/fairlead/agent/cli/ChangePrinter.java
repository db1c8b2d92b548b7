package io.fairlead.agent.cli;

import io.fairlead.agent.cli.Listing.Row;
import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Prints of one report after the other what differs from the one before: for people a line for each
 * changed row, with the time before it; for machines an object for each changed thing, with what
 * happened to it.
 */
final class ChangePrinter {

  /** What happened to a thing, in the words of the Kubernetes API's watches. */
  record Event(String type, String time, Object object) {}

  private final PrintStream out;
  private final OutputFormat format;
  private final List<String> headings;
  private final Supplier<Instant> clock;
  private final int[] widths;
  private Map<String, Row> last = Map.of();
  private boolean begun;

  ChangePrinter(
      PrintStream out, OutputFormat format, List<String> headings, Supplier<Instant> clock) {
    this.out = out;
    this.format = format;
    this.headings = new ArrayList<>(headings);
    this.clock = clock;
    this.headings.addAll(0, List.of("TIME", "CHANGE"));
    this.widths = this.headings.stream().mapToInt(String::length).toArray();
  }

  /** Takes the next report. */
  void print(List<Row> rows) {
    String time = clock.get().truncatedTo(ChronoUnit.SECONDS).toString();
    Map<String, Row> next = new LinkedHashMap<>();
    List<List<String>> lines = new ArrayList<>();
    if (!begun && !format.isForMachines()) {
      lines.add(headings);
    }
    for (Row row : rows) {
      String id = row.id();
      for (int i = 2; next.putIfAbsent(id, row) != null; i++) {
        id = row.id() + " #" + i; // What looks the same is told apart by its order.
      }
      Row before = last.get(id);
      if (before == null || !isSame(before, row)) {
        change(before != null ? "MODIFIED" : "ADDED", time, row, lines);
      }
    }
    last.forEach((id, row) -> {
      if (!next.containsKey(id)) {
        change("DELETED", time, row, lines);
      }
    });
    last = next;
    begun = true;
    lines.forEach(this::fit);
    lines.forEach(line -> out.println(aligned(line)));
    out.flush();
  }

  private boolean isSame(Row a, Row b) {
    return format.isForMachines() ? a.thing().equals(b.thing()) : a.cells().equals(b.cells());
  }

  private void change(String type, String time, Row row, List<List<String>> lines) {
    if (format.isForMachines()) {
      out.print(format.renderOne(new Event(type, time, row.thing())));
      return;
    }
    List<String> line = new ArrayList<>(List.of(time, type.toLowerCase(Locale.ROOT)));
    row.cells().forEach(cell -> line.add(cell.isEmpty() ? "-" : cell));
    lines.add(line);
  }

  /** Columns only ever become wider, so that what follows stands under what was printed. */
  private void fit(List<String> line) {
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Math.max(widths[i], line.get(i).length());
    }
  }

  private String aligned(List<String> line) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      text.append(line.get(i)).append(" ".repeat(widths[i] - line.get(i).length() + 2));
    }
    return text.toString().stripTrailing();
  }
}
