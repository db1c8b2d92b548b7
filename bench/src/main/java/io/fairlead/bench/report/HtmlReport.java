package io.fairlead.bench.report;

import io.fairlead.bench.report.plot.Stylesheet;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The report as one file of HTML that needs nothing else: no scripts, no fonts, no images. */
final class HtmlReport {

  private static final String STYLES = "report.css";
  private static final int MOST_OPEN_ROWS = 16;

  private final Report report;
  private final StringBuilder text = new StringBuilder();

  private HtmlReport(Report report) {
    this.report = report;
  }

  static String of(Report report) {
    return new HtmlReport(report).write();
  }

  private String write() {
    text.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n")
        .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n")
        .append("<meta name=\"color-scheme\" content=\"light dark\"/>\n<title>")
        .append(escape(report.title()))
        .append("</title>\n<style>\n")
        .append(styles())
        .append(Stylesheet.of(Styles.all()))
        .append("</style>\n</head>\n<body>\n<main>\n");
    element("h1", report.title());
    failures();
    text.append("<nav>\n");
    for (Section section : report.sections()) {
      text.append("<a href=\"#").append(section.topic().id()).append("\">");
      text.append(escape(section.topic().title())).append("</a>\n");
    }
    text.append("</nav>\n");
    element("h2", "How to read this");
    text.append("<ul>\n");
    report.reading().forEach(paragraph -> element("li", paragraph));
    text.append("</ul>\n");
    element("h2", "Where it ran");
    text.append("<dl>\n");
    report
        .machine()
        .forEach((name, value) -> {
          element("dt", name);
          element("dd", value);
        });
    text.append("</dl>\n");
    if (!report.runs().rows().isEmpty()) {
      table(report.runs(), false);
    }
    report.sections().forEach(this::section);
    return text.append("</main>\n</body>\n</html>\n").toString();
  }

  private void failures() {
    if (report.failures().isEmpty()) {
      return;
    }
    text.append("<section class=\"failures\">\n");
    element("h2", "Missing, as these measurements failed");
    text.append("<dl>\n");
    report
        .failures()
        .forEach((name, reason) -> {
          element("dt", name);
          element("dd", reason);
        });
    text.append("</dl>\n</section>\n");
  }

  private void section(Section section) {
    text.append("<section id=\"").append(section.topic().id()).append("\">\n");
    element("h2", section.topic().title());
    if (!section.topic().text().isEmpty()) {
      element("p", section.topic().text());
    }
    section
        .plots()
        .forEach(
            (id, plot) -> text.append("<figure>\n").append(plot.svg(id)).append("</figure>\n"));
    section.tables().forEach(table -> table(table, table.rows().size() <= MOST_OPEN_ROWS));
    text.append("</section>\n");
  }

  private void table(Table table, boolean open) {
    text.append(open ? "<details open=\"open\">\n" : "<details>\n");
    element("summary", table.caption() + " (" + table.rows().size() + " rows)");
    text.append("<div class=\"wide\">\n<table>\n<thead>");
    row("th", table.head(), table.words());
    text.append("</thead>\n<tbody>\n");
    table.rows().forEach(row -> row("td", row, table.words()));
    text.append("</tbody>\n</table>\n</div>\n</details>\n");
  }

  private void row(String element, List<String> cells, int words) {
    text.append("<tr>");
    for (int i = 0; i < cells.size(); i++) {
      text.append('<').append(element).append(i < words ? ">" : " class=\"number\">");
      text.append(escape(cells.get(i))).append("</").append(element).append('>');
    }
    text.append("</tr>\n");
  }

  private void element(String name, String content) {
    String code = escape(content).replaceAll("`([^`]*)`", "<code>$1</code>");
    text.append('<').append(name).append('>').append(code).append("</").append(name).append(">\n");
  }

  static String escape(String value) {
    return value
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  private static String styles() {
    try (InputStream in = HtmlReport.class.getResourceAsStream(STYLES)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + STYLES);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + STYLES + " of the jar", e);
    }
  }
}
