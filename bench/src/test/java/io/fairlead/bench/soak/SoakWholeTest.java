package io.fairlead.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.bench.lab.Whole;
import io.fairlead.bench.result.ProgressLines;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SoakWholeTest {

  @Test
  @DisplayName(
      "agents and binaries killed at random leave nothing, and no address twice"
          + " (pod-network 3, 4, 16, 21, 24, faults 17)")
  void soak() throws Exception {
    long seed = Long.getLong("fairlead.seed", System.nanoTime() & Integer.MAX_VALUE);
    SoakReport report =
        new Soak(new SoakOptions(200, 8, seed), Whole.distribution(), new ProgressLines(System.out))
            .run();
    assertThat(report.duplicates()).as(report.toText()).isEmpty();
    assertThat(report.residue()).as(report.toText()).isEmpty();
    assertThat(report.counts().get("add succeeded")).isPositive();
    assertThat(report.counts().get("agent killed")).isPositive();
  }
}
