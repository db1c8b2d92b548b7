package io.fairlead.bench.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fairlead.bench.lab.Whole;
import io.fairlead.bench.result.Cell;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Results;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class PolicyBenchWholeTest {

  private static final ProgressLines SILENT =
      new ProgressLines(
          new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));

  private static Results run(String... more) throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--pods",
                "100",
                "--local",
                "5",
                "--policies",
                "20",
                "--large-pods",
                "200",
                "--large-policies",
                "100",
                "--changes",
                "3"));
    arguments.addAll(List.of(more));
    Results results =
        new PolicyBench(PolicyOptions.parse(arguments.toArray(String[]::new)), SILENT).run();
    System.out.print(results.toTable());
    return results;
  }

  private static String rivals() {
    return Files.isExecutable(Path.of("/usr/sbin/ipset")) ? "yes" : "no";
  }

  private static List<String> titles(Results results, String... parameters) {
    return results.cells().stream()
        .map(cell -> {
          StringBuilder title = new StringBuilder(cell.name());
          for (String parameter : parameters) {
            title.append(", ").append(cell.parameters().getOrDefault(parameter, ""));
          }
          return title.toString();
        })
        .toList();
  }

  private static Cell cell(Results results, String name, String kind, String unit) {
    return results.cells().stream()
        .filter(cell -> cell.name().equals(name) && cell.unit().equals(unit))
        .filter(cell -> kind.equals(cell.parameters().get("kind")))
        .filter(cell -> FairleadContender.NAME.equals(cell.parameters().get("contender")))
        .findFirst()
        .orElseThrow();
  }

  @Test
  @Timeout(120)
  @DisplayName("policy 8: the kernel takes first syncs, restarts that change nothing, and changes")
  void kernel(@TempDir Path folder) throws Exception {
    Results results = run("--rivals", "no", "--what", "first-sync,event-to-kernel");
    List<String> expected = new ArrayList<>();
    for (Change.Kind kind : Change.Kind.values()) {
      expected.add("event-to-kernel, fairlead, " + kind.title());
      expected.add("event-to-floor, fairlead, " + kind.title());
      expected.add(
          "event-to-kernel, " + FloorContender.Variant.ELEMENT.title() + ", " + kind.title());
      assertThat(cell(results, "event-to-kernel", kind.title(), "ms").count()).isEqualTo(3);
    }
    assertThat(titles(results, "contender", "kind")).containsAll(expected);
    assertThat(cell(results, "effort", "first-sync", "operations").percentile(0)).isPositive();
    assertThat(cell(results, "effort", "restart", "operations").maximum()).isZero();
    Path file = folder.resolve("results.json");
    results.writeJson(file);
    JsonNode json = new ObjectMapper().readTree(Files.readString(file));
    assertThat(json.path("cells")).hasSize(results.cells().size());
  }

  @Test
  @Timeout(120)
  @DisplayName("the rival takes the same changes")
  void rival() throws Exception {
    assumeTrue(rivals().equals("yes"), "Debian's package ipset is not installed");
    Results results = run("--what", "event-to-kernel");
    for (KubeRouterRival.Variant variant : KubeRouterRival.Variant.values()) {
      for (Change.Kind kind : Change.Kind.values()) {
        assertThat(titles(results, "contender", "kind"))
            .contains("event-to-kernel, " + variant.title() + ", " + kind.title());
      }
    }
  }

  @Test
  @Timeout(120)
  @DisplayName("connections and bulk traffic pass through no, few and many policies")
  void path() throws Exception {
    Results results = run("--rivals", rivals(), "--what", "connect-latency,throughput");
    for (PathCluster cluster : PathCluster.values()) {
      assertThat(titles(results, "contender", "cluster"))
          .contains(
              "connect-latency, fairlead, " + cluster.title(),
              "connect-latency-ratio, fairlead, " + cluster.title(),
              "throughput, fairlead, " + cluster.title(),
              "throughput-ratio, fairlead, " + cluster.title());
    }
    assertThat(results.cells()).allSatisfy(cell -> assertThat(cell.percentile(0)).isPositive());
  }

  @Test
  @Timeout(180)
  @DisplayName("an agent lets packets pass and stops them after writes to its API server")
  void agent() throws Exception {
    Whole.distribution();
    Results results = run("--rivals", "no", "--what", "write-to-traffic,memory");
    assertThat(titles(results, "kind", "since"))
        .contains(
            "write-to-traffic, peer relabelled, allowed, before the write",
            "write-to-traffic, peer relabelled, denied, before the write",
            "write-to-traffic, local pod relabelled, allowed, before the write",
            "write-to-traffic, local pod relabelled, denied, before the write",
            "write-to-traffic, policy created, before the write",
            "write-to-traffic, policy deleted, before the write",
            "memory, heap, on top, ",
            "memory, resident, with policies, ",
            "memory, resident, without policies, ");
  }
}
