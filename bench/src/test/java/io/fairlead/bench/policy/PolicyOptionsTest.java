package io.fairlead.bench.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyOptionsTest {

  @Test
  void flags() {
    PolicyOptions options =
        PolicyOptions.parse(
            "--pods",
            "400",
            "--local",
            "10",
            "--policies",
            "30",
            "--rivals",
            "no",
            "--markdown",
            "--what",
            "memory,first-sync");
    assertThat(options.population()).isEqualTo(new Population(400, 10, 30));
    assertThat(options.large()).isEqualTo(new Population(30_000, 10, 30_000, 10));
    assertThat(options.rivals()).isFalse();
    assertThat(options.markdown()).isTrue();
    assertThat(options.figures()).isEqualTo(Set.of(Figure.MEMORY, Figure.FIRST_SYNC));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--pods",
        "--pods 0",
        "--pods 10001",
        "--local 1",
        "--local 201",
        "--policies 150",
        "--what speed",
        "--rivals maybe",
        "--colour red",
        "policies"
      })
  void refusesWithAsentence(String line) {
    assertThatThrownBy(() -> PolicyOptions.parse(line.split(" ", -1)))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .contains(" ");
  }
}
