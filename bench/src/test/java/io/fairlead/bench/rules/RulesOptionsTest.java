package io.fairlead.bench.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RulesOptionsTest {

  @Test
  void flags() {
    RulesOptions options =
        RulesOptions.parse(
            "--backend",
            "nftables",
            "--services",
            "7",
            "--endpoints",
            "3",
            "--rivals",
            "no",
            "--markdown",
            "--what",
            "memory,first-sync");
    assertThat(options.population()).isEqualTo(new Population(7, 3));
    assertThat(options.backends()).containsExactly(Backend.NFTABLES);
    assertThat(options.rivals()).isFalse();
    assertThat(options.markdown()).isTrue();
    assertThat(options.grid()).isFalse();
    assertThat(options.figures()).isEqualTo(Set.of(Figure.MEMORY, Figure.FIRST_SYNC));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--services",
        "--services 0",
        "--services x",
        "--services 99999",
        "--endpoints 1001",
        "--services 60000 --endpoints 100",
        "--backend other",
        "--what speed",
        "--rivals maybe",
        "--colour red",
        "services"
      })
  void refusesWithAsentence(String line) {
    assertThatThrownBy(() -> RulesOptions.parse(line.split(" ", -1)))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .contains(" ");
  }
}
