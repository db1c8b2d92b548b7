package io.fairlead.overlay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RepairLimitTest {

  private long now = Long.MAX_VALUE - 5;
  private final RepairLimit<String> limit = new RepairLimit<>(() -> now);

  private int takes(String thing, int attempts) {
    int taken = 0;
    for (int i = 0; i < attempts; i++) {
      taken += limit.take(thing) ? 1 : 0;
    }
    return taken;
  }

  @Test
  @DisplayName("a burst, then one a second; others are not concerned (pod-network 42, 45)")
  void burst() {
    assertThat(takes("a", 1000)).isEqualTo(RepairLimit.BURST);
    assertThat(limit.waiting()).containsExactly("a");
    assertThat(takes("b", 3)).isEqualTo(3);
    assertThat(limit.dueIn()).isEqualTo(RepairLimit.PERIOD);
    assertThat(limit.due()).isEmpty();
    now += RepairLimit.PERIOD;
    assertThat(limit.dueIn()).isZero();
    assertThat(limit.due()).containsExactly("a");
    assertThat(limit.waiting()).isEmpty();
    assertThat(limit.dueIn()).isEqualTo(RepairLimit.NEVER);
    assertThat(takes("a", 10)).isZero();
    for (int second = 1; second <= 10; second++) {
      now += RepairLimit.PERIOD;
      assertThat(takes("a", 1000)).as("in second " + second).isEqualTo(1);
    }
  }

  @Test
  void restGivesTheBurstBack() {
    takes("a", 100);
    limit.due();
    now += RepairLimit.BURST * RepairLimit.PERIOD;
    assertThat(limit.due()).containsExactly("a");
    assertThat(takes("a", 1000)).isEqualTo(RepairLimit.BURST - 1);
  }

  @Test
  void manyThingsAreForgottenWhenTheyRest() {
    for (int round = 0; round < 10; round++) {
      for (int i = 0; i < 10_000; i++) {
        assertThat(limit.take("thing-" + i)).isTrue();
      }
      now += 2 * RepairLimit.PERIOD;
    }
    assertThat(limit.waiting()).isEmpty();
  }
}
