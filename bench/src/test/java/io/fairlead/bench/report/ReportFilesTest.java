package io.fairlead.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.bench.cli.BenchCommand;
import io.fairlead.bench.result.Cell;
import io.fairlead.bench.result.Results;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class ReportFilesTest {

  private final Results results = SampleResults.make(1);

  @TempDir private Path folder;

  @BeforeEach
  void write() throws Exception {
    assertThat(ReportFiles.write(results, folder))
        .containsExactly(folder.resolve("report.html"), folder.resolve("report.md"));
  }

  @Test
  void theHtmlNeedsNothingElse() throws Exception {
    String html = html();
    assertThat(html)
        .doesNotContain("<script", "@import", "url(", "<img", "<link", "src=")
        .contains("prefers-color-scheme:dark", "name=\"viewport\"");
    assertThat(html.replace("http://www.w3.org/2000/svg", "")).doesNotContain("http:", "https:");
  }

  @Test
  void theHtmlIsWellFormedAndItsIdentifiersAreUnique() throws Exception {
    Document page =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(html().replace("<!DOCTYPE html>\n", ""))));
    List<String> ids = groups(html(), " id=\"([^\"]*)\"");
    assertThat(ids).doesNotHaveDuplicates();
    assertThat(ids).containsAll(groups(html(), " href=\"#([^\"]*)\""));
    assertThat(page.getElementsByTagName("svg").getLength()).isGreaterThan(10);
    for (int i = 0; i < page.getElementsByTagName("svg").getLength(); i++) {
      Element svg = (Element) page.getElementsByTagName("svg").item(i);
      assertThat(ids).contains(svg.getAttribute("aria-labelledby").split(" ", -1));
    }
  }

  @Test
  void everyCellIsInATableAndEveryFailureIsNamed() throws Exception {
    String markdown = Files.readString(folder.resolve("report.md"));
    int rows = 0;
    for (Section section : Section.of(results.cells())) {
      rows += section.tables().stream().mapToInt(table -> table.rows().size()).sum();
    }
    assertThat(rows).isEqualTo(results.cells().size());
    assertThat(results.cells().stream().map(Cell::name))
        .allMatch(name -> markdown.contains("(`" + name + "`)"));
    assertThat(markdown)
        .contains("- `datapath`: exit code 1: there is no &lt;iperf3>", "| overlay --nodes 3 |");
    assertThat(html()).contains("there is no &lt;iperf3&gt;");
  }

  @Test
  void everyImageOfTheMarkdownIsThereAndNoOther() throws Exception {
    List<String> named = groups(Files.readString(folder.resolve("report.md")), "]\\(([^)]*)\\)");
    try (Stream<Path> files = Files.list(folder.resolve("plots"))) {
      assertThat(files.map(file -> "plots/" + file.getFileName()))
          .containsExactlyInAnyOrderElementsOf(named)
          .contains(
              "plots/rules-1-rule-update.svg",
              "plots/rules-1-rule-update-by-size.svg",
              "plots/rules-1-rule-update-by-percentile.svg",
              "plots/rules-1-rule-update-over-time.svg",
              "plots/memory-1-memory.svg");
    }
  }

  @Test
  void anImageAloneHasItsColours() throws Exception {
    String svg = Files.readString(folder.resolve("plots/memory-1-memory.svg"));
    assertThat(svg).contains("<style>", "prefers-color-scheme:dark", "class=\"ground\"");
  }

  @Test
  void theCommandReadsFilesAndMergesThem() throws Exception {
    Path one = folder.resolve("one.json");
    results.writeJson(one);
    Path other = folder.resolve("other");
    int exit =
        BenchCommand.commandLine()
            .execute("report", one.toString(), one.toString(), "--output", other.toString());
    assertThat(exit).isZero();
    assertThat(Files.readString(other.resolve("report.md"))).contains(" | 80 | ");
    assertThat(BenchCommand.commandLine().execute("report", folder + "/none.json")).isEqualTo(1);
  }

  private String html() throws Exception {
    return Files.readString(folder.resolve("report.html"));
  }

  private static List<String> groups(String text, String pattern) {
    return Pattern.compile(pattern).matcher(text).results().map(ReportFilesTest::first).toList();
  }

  private static String first(MatchResult match) {
    return match.group(1);
  }
}
