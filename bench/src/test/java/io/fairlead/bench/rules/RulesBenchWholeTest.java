package io.fairlead.bench.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.bench.lab.Whole;
import io.fairlead.bench.result.Cell;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** That the cells are there, with as many samples as were asked for. */
class RulesBenchWholeTest {

  private static final int CHANGES = 2;

  /** Runs with 20 Services of 2 endpoints. */
  static List<Cell> run(String backends, boolean rivals, String figures, String changes)
      throws Exception {
    RulesOptions options =
        new RulesOptions(
            Backend.named(List.of(backends.split(","))), CHANGES, rivals, CHANGES, 20, 1, 1, 1);
    Set<Figure> what = Figure.named(List.of(figures.split(",")));
    Set<Workload> workloads = Workload.named(List.of(changes.split(",")));
    Samples samples = new Samples();
    new RulesBench(options, new ProgressLines(System.out), samples)
        .run(List.of(new Grid.Point(new Population(20, 2), what, workloads)));
    assertThat(samples.cells())
        .allSatisfy(cell -> assertThat(cell.parameters()).containsEntry("services", "20"));
    return samples.cells();
  }

  static List<String> contenders(List<Cell> cells, String name, String change) {
    return cells.stream()
        .filter(cell -> cell.name().equals(name))
        .filter(cell -> cell.parameters().getOrDefault("change", "").equals(change))
        .peek(cell -> assertThat(cell.percentile(0)).isNotNegative())
        .filter(cell -> change.isEmpty() || cell.count() == CHANGES)
        .map(cell -> cell.parameters().getOrDefault("contender", ""))
        .toList();
  }

  @Test
  @Timeout(120)
  @DisplayName("the kernel takes first syncs, changes and restarts of backends, rivals and floors")
  void kernel() throws Exception {
    List<Cell> cells = run("all", true, "first-sync,event-to-kernel,restart", "all");
    for (Change.Kind kind : Change.Kind.values()) {
      assertThat(contenders(cells, "event-to-kernel", kind.title()))
          .containsExactlyInAnyOrder(
              "fairlead nftables",
              "fairlead iptables",
              "fairlead iptables-legacy",
              "kube-proxy's rules, nft",
              "kube-proxy 1.36's sync, nft",
              "kube-proxy's rules, iptables-nft",
              "kube-proxy's rules, iptables-legacy",
              "floor: one map element",
              "floor: an empty transaction",
              "floor: one generic-netlink message",
              "floor: a netlink round trip",
              "floor: /bin/true");
    }
    assertThat(contenders(cells, "first-sync", "")).hasSize(9);
    assertThat(cells)
        .filteredOn(cell -> cell.name().equals("restart-operations"))
        .hasSize(3)
        .allMatch(cell -> cell.maximum() == 0);
  }

  @Test
  @Timeout(120)
  @DisplayName("a client sees every kind of change, of backends and of rivals")
  void traffic() throws Exception {
    List<Cell> cells = run("all", true, "record-to-traffic", "all");
    for (Change.Kind kind : Change.Kind.values()) {
      assertThat(contenders(cells, "record-to-traffic", kind.title())).hasSize(6);
    }
  }

  @Test
  @Timeout(120)
  @DisplayName("a client sees what is written to an agent's API server, and no restart")
  void agent() throws Exception {
    Whole.distribution();
    List<Cell> cells = run("nftables", false, "rule-update,start-to-ready", "all");
    assertThat(contenders(cells, "rule-update", "endpoint replaced"))
        .containsExactlyInAnyOrder(
            "fairlead nftables",
            "floor: the API server's acknowledgement",
            "floor: connections until one finds the endpoint",
            "floor: a connection to the endpoint");
    for (Change.Kind kind : Change.Kind.values()) {
      assertThat(contenders(cells, "rule-update", kind.title())).contains("fairlead nftables");
    }
    assertThat(cells)
        .filteredOn(cell -> "burst of 1000".equals(cell.parameters().get("change")))
        .allMatch(cell -> cell.count() == 1000)
        .hasSize(1);
    assertThat(cells)
        .filteredOn(cell -> "steady 100/s".equals(cell.parameters().get("change")))
        .allMatch(cell -> cell.count() == 100)
        .hasSize(1);
    assertThat(cells)
        .filteredOn(cell -> cell.name().equals("restart-failures"))
        .hasSize(1)
        .allMatch(cell -> cell.maximum() == 0);
    assertThat(cells).extracting(Cell::name).contains("start-to-ready", "restart-to-ready");
  }
}
