package io.fairlead.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.bench.chaos.fault.FaultKind;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class ChaosCommandTest {

  private static ChaosOptions parse(String... arguments) {
    ChaosCommand command = new ChaosCommand();
    new CommandLine(command).parseArgs(arguments);
    return command.options(7);
  }

  @Test
  void parses() {
    assertThat(parse())
        .isEqualTo(
            new ChaosOptions(
                7, Duration.ofMinutes(15), 2, List.of(FaultKind.values()), "nftables"));
    assertThat(
            parse(
                "--seed",
                "3",
                "--duration",
                "90s",
                "--nodes",
                "3",
                "--proxy-mode",
                "iptables",
                "--faults",
                "uplink-down,agent-killed"))
        .isEqualTo(
            new ChaosOptions(
                3,
                Duration.ofSeconds(90),
                3,
                List.of(FaultKind.UPLINK_DOWN, FaultKind.AGENT_KILLED),
                "iptables"));
  }

  @Test
  void refuses() {
    assertThatThrownBy(() -> parse("--duration", "forever"))
        .hasMessage("--duration takes a number with s, m or h, such as 90s, not \"forever\"");
    assertThatThrownBy(() -> parse("--nodes", "1")).hasMessage("--nodes takes 2 or 3, not 1");
    assertThatThrownBy(() -> parse("--faults", "earthquake"))
        .hasMessageStartingWith("there is no fault \"earthquake\"; there are agent-killed, ");
    assertThatThrownBy(() -> parse("--proxy-mode", "none"))
        .hasMessage("--proxy-mode takes nftables, iptables or ipvs, not \"none\"");
  }
}
