package io.fairlead.bench.overlay;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.bench.result.Results;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class OverlayBenchWholeTest {

  @Test
  @Timeout(120)
  void everyContenderLetsNodesJoinAndLeave() throws Exception {
    Results results = new OverlayBench(40, 2).run();
    System.out.print(results.toTable());
    assertThat(results.cells()).hasSize(8).allMatch(cell -> cell.count() == 2);
    assertThat(results.cells())
        .extracting(cell -> cell.name() + " " + cell.parameters())
        .contains(
            "overlay-join {contender=fairlead, nodes=40}",
            "overlay-leave {contender=ip -batch, bridge -batch, nodes=1}");
  }
}
