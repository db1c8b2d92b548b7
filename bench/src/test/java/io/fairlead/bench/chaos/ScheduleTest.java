package io.fairlead.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.bench.chaos.fault.FaultKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduleTest {

  private static final int STEPS = 2000;

  private static ChaosOptions options(long seed, Duration duration, FaultKind... kinds) {
    List<FaultKind> faults = kinds.length == 0 ? List.of(FaultKind.values()) : List.of(kinds);
    return new ChaosOptions(seed, duration, 2, faults, "nftables");
  }

  private static List<Step> steps(ChaosOptions options) {
    Schedule schedule = new Schedule(options);
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < STEPS; i++) {
      steps.add(schedule.next());
    }
    return steps;
  }

  @Test
  void oneSeedIsOneSequence() {
    Duration duration = Duration.ofMinutes(15);
    assertThat(steps(options(7, duration))).isEqualTo(steps(options(7, duration)));
    assertThat(steps(options(7, duration))).isNotEqualTo(steps(options(8, duration)));
  }

  @Test
  void eachKindHasItsTurnFirst() {
    for (long seed = 0; seed < 20; seed++) {
      ChaosOptions options = options(seed, Duration.ofMinutes(15));
      assertThat(steps(options).subList(0, options.faults().size()))
          .extracting(Step::kind)
          .containsExactlyInAnyOrder(FaultKind.values());
    }
  }

  @Test
  void theRoundIsCompleteAfterTheLastKind() {
    Schedule schedule =
        new Schedule(
            options(1, Duration.ofMinutes(1), FaultKind.UPLINK_DOWN, FaultKind.RULESET_FLUSHED));
    schedule.next();
    assertThat(schedule.isRoundComplete()).isFalse();
    schedule.next();
    assertThat(schedule.isRoundComplete()).isTrue();
  }

  @Test
  void anAgentThatTheFaultStopsIsNotKilledBesides() {
    List<Step> steps = steps(options(3, Duration.ofMinutes(15)));
    assertThat(steps).anySatisfy(step -> assertThat(step.killed()).isPositive());
    assertThat(steps)
        .filteredOn(step -> step.kind() == FaultKind.AGENT_PAUSED)
        .isNotEmpty()
        .allSatisfy(step -> assertThat(step.killed()).isNotEqualTo(step.node()));
  }

  @Test
  void aShortRunHurries() {
    Duration holds = Duration.ZERO;
    for (Step step : steps(options(3, Duration.ofSeconds(20)))) {
      holds = holds.plus(step.hold()).plus(step.pause());
    }
    assertThat(holds.dividedBy(STEPS)).isLessThan(Duration.ofSeconds(1));
  }
}
