package io.fairlead.bench.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.bench.lab.Whole;
import io.fairlead.bench.result.Cell;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The cells of IPVS, in a kernel that has it. */
class RulesBenchIpvsWholeTest {

  @BeforeAll
  static void requireIpvs() throws Exception {
    Whole.requireKernelOf("ipvs");
  }

  @Test
  @DisplayName(
      "changes of the backend, of kube-proxy's work and of ipvsadm, and traffic after them")
  void changes() throws Exception {
    List<Cell> cells =
        RulesBenchWholeTest.run(
            "ipvs",
            true,
            "first-sync,event-to-kernel,restart,record-to-traffic",
            "replaced,deleted");
    for (Change.Kind kind : List.of(Change.Kind.REPLACED, Change.Kind.DELETED)) {
      assertThat(RulesBenchWholeTest.contenders(cells, "event-to-kernel", kind.title()))
          .contains(
              "fairlead ipvs",
              "kube-proxy's work, ipvs",
              "ipvsadm -R",
              "ipvsadm, one execution per operation",
              "floor: one real server");
      assertThat(RulesBenchWholeTest.contenders(cells, "record-to-traffic", kind.title()))
          .containsExactlyInAnyOrder("fairlead ipvs", "kube-proxy's work, ipvs");
    }
    assertThat(cells)
        .filteredOn(cell -> cell.name().equals("restart-operations"))
        .hasSize(1)
        .allMatch(cell -> cell.maximum() == 0);
  }
}
