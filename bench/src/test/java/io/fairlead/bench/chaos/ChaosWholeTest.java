package io.fairlead.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.bench.chaos.fault.FaultKind;
import io.fairlead.bench.lab.Whole;
import io.fairlead.bench.result.ProgressLines;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ChaosWholeTest {

  @Test
  @DisplayName(
      "every fault once, under traffic: nothing of ours is cut, nothing denied gets through,"
          + " everything is mended, nothing is left (faults 1, 2, 3, 4, 5, 6, 7, 17, 18, 29, 34, 36,"
          + " 37, 38)")
  void everyFaultOnce() throws Exception {
    long seed = Long.getLong("fairlead.seed", 7);
    ChaosOptions options =
        new ChaosOptions(seed, Duration.ofSeconds(30), 2, List.of(FaultKind.values()), "nftables");
    ChaosReport report =
        new Chaos(options, Whole.distribution(), new ProgressLines(System.out)).run();
    assertThat(report.broken()).as(ReportText.of(report)).isEmpty();
    for (FaultKind kind : FaultKind.values()) {
      assertThat(report.of(kind).isEmpty())
          .as("%s: %s", kind.spelling(), report.skipped(kind))
          .isEqualTo(!report.skipped(kind).isEmpty());
    }
  }
}
