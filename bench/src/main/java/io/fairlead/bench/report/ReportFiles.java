package io.fairlead.bench.report;

import io.fairlead.bench.report.plot.Plot;
import io.fairlead.bench.report.plot.Stylesheet;
import io.fairlead.bench.result.Results;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Writes the report: report.html alone, report.md with its plots in a folder beside it. */
public final class ReportFiles {

  private static final String PLOTS = "plots";

  private ReportFiles() {}

  /**
   * Replaces the report in this folder, which is made if it is missing.
   *
   * @return the files that people open
   * @throws IOException if the folder cannot be written
   */
  public static List<Path> write(Results results, Path folder) throws IOException {
    Path plots = Files.createDirectories(folder.resolve(PLOTS));
    Report report = Report.of(results);
    // A plot that an earlier report had and this one has not would stay forever.
    try (DirectoryStream<Path> old = Files.newDirectoryStream(plots, "*.svg")) {
      for (Path file : old) {
        Files.delete(file);
      }
    }
    String styles = "<style>\n" + Stylesheet.of(Styles.all()) + "</style>\n";
    for (Section section : report.sections()) {
      for (Map.Entry<String, Plot> plot : section.plots().entrySet()) {
        String image = plot.getValue().svg(plot.getKey());
        Files.writeString(
            plots.resolve(plot.getKey() + ".svg"),
            image.replaceFirst("</desc>\n", "</desc>\n" + styles));
      }
    }
    Path markdown = folder.resolve("report.md");
    Files.writeString(markdown, MarkdownReport.of(report, PLOTS));
    Path html = folder.resolve("report.html");
    Files.writeString(html, HtmlReport.of(report));
    return List.of(html, markdown);
  }
}
