package io.fairlead.bench.overlay;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class OverlayBenchWholeTest {

  @Test
  @Timeout(120)
  void everyContenderLetsNodesJoinAndLeave() throws Exception {
    Samples samples = new Samples();
    new OverlayBench(40, 2, new ProgressLines(System.err)).run(samples);
    assertThat(samples.cells()).hasSize(8).allMatch(cell -> cell.count() == 2);
    assertThat(samples.cells())
        .extracting(cell -> cell.name() + " " + cell.parameters())
        .contains(
            "overlay-join {contender=fairlead, nodes=40}",
            "overlay-leave {contender=ip -batch, bridge -batch, nodes=1}");
  }
}
