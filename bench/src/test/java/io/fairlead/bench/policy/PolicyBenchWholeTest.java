package io.fairlead.bench.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.bench.lab.Whole;
import io.fairlead.bench.result.Cell;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PolicyBenchWholeTest {

  private static final ProgressLines SILENT =
      new ProgressLines(
          new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));

  private static final int CHANGES = 2;

  private static List<Cell> run(boolean rivals, Figure... figures) throws Exception {
    PolicyOptions options =
        new PolicyOptions(
            new Population(80, 4, 8),
            new Population(80, 4, 40, 10),
            CHANGES,
            rivals ? 1 : 0,
            Set.of(figures));
    Samples samples = new Samples();
    new PolicyBench(options, SILENT, samples).run();
    return samples.cells();
  }

  private static boolean hasRivals() {
    return Files.isExecutable(Path.of("/usr/sbin/ipset"));
  }

  private static List<String> titles(List<Cell> cells, String... parameters) {
    return cells.stream()
        .map(cell -> {
          StringBuilder title = new StringBuilder(cell.name());
          for (String parameter : parameters) {
            title.append(", ").append(cell.parameters().getOrDefault(parameter, ""));
          }
          return title.toString();
        })
        .toList();
  }

  private static Cell cell(List<Cell> cells, String name, String change) {
    return cells.stream()
        .filter(cell -> cell.name().equals(name))
        .filter(cell -> change.equals(cell.parameters().get("change")))
        .filter(cell -> FairleadContender.NAME.equals(cell.parameters().get("contender")))
        .findFirst()
        .orElseThrow();
  }

  @Test
  @Timeout(120)
  @DisplayName("policy 8: the kernel takes first syncs, restarts that change nothing, and changes")
  void kernel() throws Exception {
    List<Cell> cells = run(hasRivals(), Figure.FIRST_SYNC, Figure.POLICY_EVENT_TO_KERNEL);
    List<String> contenders = new ArrayList<>();
    contenders.add(FairleadContender.NAME);
    contenders.add(FloorContender.Variant.ELEMENT.title());
    if (hasRivals()) {
      for (KubeRouterRival.Variant variant : KubeRouterRival.Variant.values()) {
        contenders.add(variant.title());
      }
    }
    for (Change.Kind kind : Change.Kind.values()) {
      for (String contender : contenders) {
        assertThat(titles(cells, "contender", "change"))
            .contains("policy-event-to-kernel, " + contender + ", " + kind.title());
      }
      assertThat(cell(cells, "policy-event-to-kernel", kind.title()).count()).isEqualTo(CHANGES);
    }
    assertThat(titles(cells, "contender")).contains("first-sync, fairlead", "restart, fairlead");
    assertThat(cell(cells, "policy-operations", "first-sync").percentile(0)).isPositive();
    assertThat(cell(cells, "policy-operations", "restart").maximum()).isZero();
  }

  @Test
  @Timeout(180)
  @DisplayName("an agent lets packets pass and stops them after writes to its API server")
  void agent() throws Exception {
    Whole.distribution();
    List<Cell> cells = run(false, Figure.POLICY_UPDATE, Figure.MEMORY);
    assertThat(titles(cells, "change", "what", "pods"))
        .contains(
            "policy-update, peer relabelled, allowed, , 80",
            "policy-update, peer relabelled, denied, , 80",
            "policy-update, local pod relabelled, allowed, , 80",
            "policy-update, local pod relabelled, denied, , 80",
            "policy-update, policy created, , 80",
            "policy-update, policy deleted, , 80",
            "memory, , heap, 80",
            "memory, , resident, with policies, 80",
            "memory, , resident, without policies, 80");
    assertThat(cells)
        .filteredOn(cell -> cell.name().equals("policy-update"))
        .hasSize(6)
        .allMatch(cell -> cell.count() == CHANGES);
  }
}
