package io.fairlead.bench.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fairlead.bench.lab.Whole;
import io.fairlead.bench.result.Cell;
import io.fairlead.bench.result.MarkdownTable;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Results;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class RulesBenchWholeTest {

  private static final ProgressLines SILENT =
      new ProgressLines(
          new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));

  private static Results run(String... arguments) throws Exception {
    Results results = new RulesBench(RulesOptions.parse(arguments), SILENT).run();
    System.out.print(results.toTable());
    return results;
  }

  @Test
  @Timeout(120)
  @DisplayName("the kernel takes first syncs and changes from backends, rivals and floors")
  void kernel(@TempDir Path folder) throws Exception {
    Results results =
        run(
            "--backend",
            "all",
            "--services",
            "100",
            "--changes",
            "5",
            "--what",
            "first-sync,event-to-kernel");
    assertThat(results.cells())
        .extracting(cell -> cell.name() + ", " + cell.parameters().get("contender"))
        .contains(
            "first-sync, nftables",
            "event-to-kernel, nftables",
            "event-to-kernel, iptables",
            "event-to-kernel, iptables-legacy",
            "event-to-floor, nftables",
            "event-to-kernel, floor: one map element",
            "event-to-kernel, kube-proxy's rules, nft",
            "event-to-kernel, kube-proxy 1.36's sync, nft",
            "event-to-kernel, kube-proxy's rules, iptables-nft",
            "event-to-kernel, kube-proxy's rules, iptables-legacy");
    assertThat(results.cells())
        .filteredOn(cell -> cell.name().equals("event-to-kernel"))
        .allMatch(cell -> cell.count() == 5)
        .extracting(cell -> cell.parameters().get("kind"))
        .contains("endpoint replaced", "scaled by one");
    assertPositive(results.cells());

    Path file = folder.resolve("results.json");
    results.writeJson(file);
    JsonNode json = new ObjectMapper().readTree(Files.readString(file));
    assertThat(json.path("cells")).hasSize(results.cells().size());
    assertThat(MarkdownTable.of(results.cells()).lines().map(line -> line.split("\\|", -1).length))
        .as("columns of each row")
        .containsOnly(
            results.cells().stream().map(RulesBenchWholeTest::contender).distinct().toList().size()
                + 3);
  }

  private static String contender(Cell cell) {
    return cell.parameters().getOrDefault("contender", "");
  }

  private static void assertPositive(List<Cell> cells) {
    assertThat(cells).allSatisfy(cell -> assertThat(cell.percentile(0)).isPositive());
  }

  @Test
  @Timeout(120)
  @DisplayName("an agent moves traffic after a write to its API server")
  void agent() throws Exception {
    Whole.distribution();
    Results results =
        run("--services", "100", "--changes", "5", "--what", "write-to-traffic,memory");
    assertThat(results.cells())
        .extracting(cell -> cell.name() + ", " + cell.parameters().getOrDefault("since", ""))
        .contains(
            "api-acknowledgement, ",
            "memory, ",
            "write-to-traffic, before the write",
            "write-to-traffic, the server's acceptance");
    // Since the acknowledgement it may be less than nothing: traffic can be faster than the answer.
    assertPositive(
        results.cells().stream()
            .filter(cell -> !"its acknowledgement".equals(cell.parameters().get("since")))
            .toList());
  }

  @Test
  @Timeout(120)
  @DisplayName("connections go through a Service among few and among many")
  void connections() throws Exception {
    Results results = run("--services", "100", "--rivals", "no", "--what", "connect-latency");
    assertThat(results.cells())
        .extracting(cell -> cell.name() + ", " + cell.parameters().get("population"))
        .containsExactlyInAnyOrder(
            "connect-latency, 1 x 2",
            "connect-latency, 100 x 2",
            "first-byte-latency, 1 x 2",
            "first-byte-latency, 100 x 2",
            "connect-ratio, 100 x 2");
    assertPositive(results.cells());
  }
}
