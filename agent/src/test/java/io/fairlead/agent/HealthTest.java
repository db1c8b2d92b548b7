package io.fairlead.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.loop.LoopStatus;
import io.fairlead.agent.loop.SubsystemStatus;
import io.fairlead.agent.source.SourceStatus;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class HealthTest {

  private static SourceStatus source(@Nullable String problem) {
    return new SourceStatus("https://api", true, problem, 0);
  }

  private static LoopStatus loop(boolean synced, long busy, @Nullable String problem) {
    return new LoopStatus(
        synced,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        1,
        0,
        busy,
        List.of(new SubsystemStatus("nftables", problem, 0, 0, Map.of())));
  }

  @Test
  @DisplayName("nothing wrong")
  void healthy() {
    assertThat(Health.problems(source(null), loop(true, 0, null), true)).isEmpty();
  }

  @Test
  @DisplayName("an API server that goes away degrades, and takes no readiness (services 40)")
  void outage() {
    SourceStatus away = source("Reading nodes fails: no answer in time");
    assertThat(Health.problems(away, loop(true, 0, null), true))
        .containsExactly("https://api: Reading nodes fails: no answer in time");
    assertThat(Health.notReady(away, loop(true, 0, null), true)).isEmpty();
  }

  @Test
  @DisplayName("not in sync, or a failing subsystem: not ready, but alive")
  void notReady() {
    assertThat(Health.notReady(source(null), loop(false, 0, "no"), true))
        .containsExactly(
            "Not everything has been read from https://api yet, so the kernel is left as it is",
            "nftables: no");
    assertThat(Health.alive(loop(false, 0, "no"), true)).isEmpty();
  }

  @Test
  @DisplayName("a dead or stuck reconciling thread: only a restart helps")
  void dead() {
    assertThat(Health.alive(loop(true, 0, null), false)).hasSize(1);
    assertThat(Health.alive(loop(true, 121_000, null), true))
        .singleElement()
        .asString()
        .contains("busy for 121 s");
    assertThat(Health.alive(loop(true, 119_000, null), true)).isEmpty();
  }
}
