package io.fairlead.bench.report;

import java.util.List;
import java.util.Map;

/** The report as Markdown; plots are images beside it. */
final class MarkdownReport {

  private final Report report;
  private final StringBuilder text = new StringBuilder();

  private MarkdownReport(Report report) {
    this.report = report;
  }

  /**
   * The whole text.
   *
   * @param plots the folder of the images, relative to the text
   */
  static String of(Report report, String plots) {
    return new MarkdownReport(report).write(plots);
  }

  private String write(String plots) {
    text.append("# ").append(report.title()).append("\n\n");
    if (!report.failures().isEmpty()) {
      text.append("**Missing, as these measurements failed:**\n\n");
      report
          .failures()
          .forEach((name, reason) ->
              text.append("- `").append(name).append("`: ").append(cell(reason)).append('\n'));
      text.append('\n');
    }
    text.append("## How to read this\n\n");
    report.reading().forEach(paragraph -> text.append("- ").append(paragraph).append('\n'));
    text.append("\n## Where it ran\n\n| | |\n|---|---|\n");
    for (Map.Entry<String, String> fact : report.machine().entrySet()) {
      row(List.of(fact.getKey(), fact.getValue()));
    }
    text.append('\n');
    if (!report.runs().rows().isEmpty()) {
      table(report.runs());
    }
    for (Section section : report.sections()) {
      text.append("## ").append(section.topic().title()).append("\n\n");
      if (!section.topic().text().isEmpty()) {
        text.append(section.topic().text()).append("\n\n");
      }
      section
          .plots()
          .forEach((id, plot) -> {
            String alternative = plot.title().replace("[", "(").replace("]", ")");
            text.append("![").append(alternative).append("](");
            text.append(plots).append('/').append(id).append(".svg)\n\n");
          });
      section.tables().forEach(this::table);
    }
    return text.toString().stripTrailing() + "\n";
  }

  private void table(Table table) {
    text.append("**").append(table.caption()).append("**\n\n");
    row(table.head());
    for (int i = 0; i < table.head().size(); i++) {
      text.append(i < table.words() ? "|---" : "|---:");
    }
    text.append("|\n");
    table.rows().forEach(this::row);
    text.append('\n');
  }

  private void row(List<String> cells) {
    for (String cell : cells) {
      text.append("| ").append(cell(cell)).append(cell.isEmpty() ? "" : " ");
    }
    text.append("|\n");
  }

  private static String cell(String value) {
    return value.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ");
  }
}
