package io.fairlead.agent.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoundFilterTest {

  @ParameterizedTest
  @DisplayName("durations are read as everywhere else")
  @CsvSource({"5m,300", "1h30m,5400", "90s,90", "0,0", "2h0m5s,7205"})
  void durations(String word, long seconds) {
    RoundFilter filter = RoundFilter.of(word, null, null, 10_000_000);
    assertThat(filter.test(round(10_000_000 - seconds * 1000))).isTrue();
    assertThat(filter.test(round(10_000_000 - seconds * 1000 - 1))).isFalse();
  }

  /** The clock was set since: its time says nothing (faults 38). */
  private static Round round(long steady) {
    return new Round(
        1, 0, steady, java.util.List.of(), 0, -1, java.util.List.of(), java.util.List.of(), 0);
  }

  @ParameterizedTest
  @DisplayName("wrong durations are named with the mend")
  @ValueSource(strings = {"", "5", "5 minutes", "1m2h", "-5m", "5d"})
  void wrongDurations(String word) {
    assertThatThrownBy(() -> RoundFilter.of(word, null, null, 0))
        .hasMessage(
            "--since cannot be \""
                + word
                + "\". Write hours, minutes and seconds, such as 90s, 5m or 1h30m");
  }

  @ParameterizedTest
  @DisplayName("wrong objects are named with the mend")
  @CsvSource({
    "servce/default/web,Did you mean service?",
    "service/web,Write service/NAMESPACE/NAME",
    "node/a/b,Write node/NAME",
    "pod/default/,Write pod/NAMESPACE/NAME"
  })
  void wrongObjects(String word, String mend) {
    assertThatThrownBy(() -> RoundFilter.of(null, word, null, 0)).hasMessageContaining(mend);
  }
}
