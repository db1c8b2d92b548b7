package io.fairlead.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.bench.chaos.fault.FaultKind;
import io.fairlead.bench.chaos.probe.Effect;
import io.fairlead.bench.chaos.probe.Incident;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictTest {

  /** From 100 to 200, well again at 300. */
  private static FaultRun run(FaultKind kind, int killed) {
    Step step = new Step(kind, Duration.ZERO, Duration.ZERO, 1, killed, 0);
    return new FaultRun(step, "deed", 100, 200, 300, "", "");
  }

  private static Verdict judge(Effect effect, long start, long end, FaultRun run) {
    Incident incident = new Incident("probe", effect, start, end, "words");
    return Verdict.of(List.of(incident), List.of(run), List.of(new Standstill.Period(1000, 1500)))
        .getFirst();
  }

  @Test
  void whatTheFaultItselfDoesIsExcusedUntilAllIsWell() {
    FaultRun flushed = run(FaultKind.RULESET_FLUSHED, 0);
    assertThat(judge(Effect.LEAKED, 150, 150, flushed).excuse()).isEqualTo("ruleset-flushed");
    assertThat(judge(Effect.LEAKED, 301, 301, flushed).isBroken()).isTrue();
    assertThat(judge(Effect.LEAKED, 99, 99, flushed).isBroken()).isTrue();
    assertThat(judge(Effect.REFUSED, 90, 100, flushed).isBroken()).isFalse();
  }

  @Test
  void whatItDoesNotDoIsBroken() {
    FaultRun killed = run(FaultKind.AGENT_KILLED, 0);
    assertThat(judge(Effect.LEAKED, 150, 150, killed).isBroken()).isTrue();
    assertThat(judge(Effect.CUT, 150, 160, killed).isBroken()).isTrue();
    assertThat(judge(Effect.NOT_ADDED, 150, 160, killed).isBroken()).isFalse();
    assertThat(judge(Effect.NOT_ADDED, 150, 160, run(FaultKind.FOREIGN_RELOADED, 2)).isBroken())
        .isFalse();
  }

  @Test
  void aMachineThatStandsStillExcusesOnlyWhatIsLate() {
    FaultRun run = run(FaultKind.AGENT_KILLED, 0);
    assertThat(judge(Effect.STALLED, 900, 1100, run).excuse()).isEqualTo(Verdict.STANDSTILL);
    assertThat(judge(Effect.LEAKED, 1100, 1100, run).isBroken()).isTrue();
    assertThat(judge(Effect.CUT, 900, 1100, run).isBroken()).isTrue();
  }
}
