package io.fairlead.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.bench.chaos.fault.FaultKind;
import io.fairlead.bench.chaos.probe.Effect;
import io.fairlead.bench.chaos.probe.Incident;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {

  private static final long SECOND = 1_000_000_000;

  private static ChaosReport report() {
    ChaosOptions options =
        new ChaosOptions(
            7,
            Duration.ofSeconds(60),
            2,
            List.of(FaultKind.RULESET_FLUSHED, FaultKind.DISK_FULL),
            "nftables");
    Step flush = new Step(FaultKind.RULESET_FLUSHED, Duration.ZERO, Duration.ZERO, 1, 0, 0);
    Step full = new Step(FaultKind.DISK_FULL, Duration.ZERO, Duration.ZERO, 1, 0, 0);
    List<FaultRun> runs =
        List.of(
            new FaultRun(flush, "nft flush ruleset, on node-1", SECOND, SECOND, 2 * SECOND, "", ""),
            new FaultRun(full, "", 3 * SECOND, 3 * SECOND, 3 * SECOND, "no tmpfs here", ""));
    List<Incident> incidents =
        List.of(
            new Incident("denied-1", Effect.LEAKED, SECOND + 1, SECOND + 1, "from x"),
            new Incident("new-near", Effect.REFUSED, 30 * SECOND, 31 * SECOND, "timed out"));
    return new ChaosReport(
        options,
        0,
        60 * SECOND,
        runs,
        List.of(
            new ChaosReport.Traffic("denied-1", "strangers send", 5000, 0),
            new ChaosReport.Traffic("new-near", "new connections", 900, 0)),
        Verdict.of(incidents, runs, List.of()),
        0,
        List.of("verify is clean"),
        List.of());
  }

  @Test
  void brokenPromisesAreSentences() {
    assertThat(report().broken())
        .containsExactly(
            "new-near at 30.0 s: new connections failed for 1000 ms (timed out); the last fault"
                + " before: nft flush ruleset, on node-1 at 1.0 s");
  }

  @Test
  void tells() throws Exception {
    assertThat(ReportText.of(report()))
        .contains("# Chaos: seed 7", "## Promises broken: 1")
        .contains("| somebody flushes the whole ruleset | 1 | 1000, 1000 | 1 denied packets")
        .contains("| the disk of the state folder is full | 0 | | left out: no tmpfs here |")
        .contains("| 1.0 | nft flush ruleset, on node-1 | 0 | 1000 |");
    assertThat(ReportJson.of(report()))
        .contains("\"seed\" : 7", "\"kind\" : \"ruleset-flushed\"", "\"effect\" : \"LEAKED\"");
    assertThat(ReportPicture.of(report()))
        .startsWith("<svg")
        .contains("class=\"broken\"", "class=\"excused\"", "class=\"healing\"")
        .contains(">ruleset-flushed</text>");
  }
}
