package io.fairlead.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class SoakCommandTest {

  @Test
  void parses() {
    assertThat(parse()).isEqualTo(new SoakOptions(5000, 8, 7));
    assertThat(parse("--pods", "10", "--seed", "3", "--threads", "2"))
        .isEqualTo(new SoakOptions(10, 2, 3));
  }

  private static SoakOptions parse(String... arguments) {
    SoakCommand command = new SoakCommand();
    new CommandLine(command).parseArgs(arguments);
    return command.options(7);
  }

  @Test
  void refuses() {
    assertThatThrownBy(() -> parse("--pods", "0"))
        .hasMessage("--pods takes a number from 1 to 1000000, not \"0\"");
    assertThatThrownBy(() -> parse("--threads", "65"))
        .hasMessage("--threads takes a number from 1 to 64, not \"65\"");
  }

  @Test
  void reportsWhatWasAdded() {
    assertThat(NodeState.added(List.of("a", "b", "b"), List.of("b", "c", "b", "b")))
        .containsExactly("c", "b");
  }
}
