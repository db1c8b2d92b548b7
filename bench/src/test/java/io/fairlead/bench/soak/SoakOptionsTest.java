package io.fairlead.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class SoakOptionsTest {

  @Test
  void parses() {
    assertThat(SoakOptions.parse(7)).isEqualTo(new SoakOptions(5000, 8, 7, null));
    assertThat(SoakOptions.parse(7, "--pods", "10", "--seed", "3", "--json", "x", "--threads", "2"))
        .isEqualTo(new SoakOptions(10, 2, 3, Path.of("x")));
  }

  @Test
  void refuses() {
    assertThatThrownBy(() -> SoakOptions.parse(7, "--pods")).hasMessageContaining("needs a value");
    assertThatThrownBy(() -> SoakOptions.parse(7, "--pods", "0"))
        .hasMessageContaining("--pods takes a number from 1 to 1000000, not \"0\"");
    assertThatThrownBy(() -> SoakOptions.parse(7, "--rounds", "1"))
        .hasMessageContaining("there is no --rounds");
  }

  @Test
  void reportsWhatWasAdded() {
    assertThat(NodeState.added(List.of("a", "b", "b"), List.of("b", "c", "b", "b")))
        .containsExactly("c", "b");
  }
}
