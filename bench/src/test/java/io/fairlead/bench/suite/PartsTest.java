package io.fairlead.bench.suite;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.bench.result.Cell;
import io.fairlead.bench.result.Results;
import io.fairlead.bench.suite.Measurement.Run;
import io.fairlead.bench.suite.Measurement.Where;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PartsTest {

  private static Step step(String name, Where where) {
    Run run = Run.of(10, name + " --small");
    return new Step(new Measurement(name, where, run, run), run, List.of(), 60, Path.of("parts"));
  }

  private static Cell cell(Map<String, String> parameters) {
    return new Cell("event-to-kernel", parameters, "ms", List.of(1.0));
  }

  @Test
  void factsOfTheMachineAreToldOnceAndThoseOfAPartUnderItsName() {
    Parts parts = new Parts(Map.of("kernel", "6.18", "load before", "0.5"));
    parts.add(
        Outcome.done(step("cni", Where.HOST), 12.4),
        new Results(
            Map.of("kernel", "6.18", "load before", "1.5", "seed", "7"),
            List.of(cell(Map.of("contender", "fairlead")))));
    parts.add(Outcome.failed(step("datapath", Where.HOST), 1, "exit code 1: no iperf3"));
    Results merged = parts.merged();
    assertThat(merged.environment())
        .isEqualTo(
            Map.of(
                "kernel", "6.18",
                "load before", "0.5",
                "cni: command", "cni --small",
                "cni: seconds", "12",
                "cni: load before", "1.5",
                "cni: seed", "7",
                "datapath: command", "datapath --small",
                "datapath: seconds", "1",
                "datapath: failed", "exit code 1: no iperf3"));
    assertThat(merged.cells()).containsExactly(cell(Map.of("contender", "fairlead")));
  }

  @Test
  void whatRanInTheLabKernelSaysSo() {
    Parts parts = new Parts(Map.of("kernel", "6.18"));
    parts.add(
        Outcome.done(step("ipvs", Where.LAB_KERNEL), 1),
        new Results(
            Map.of("kernel", "6.1.0"), List.of(cell(Map.of("contender", "fairlead ipvs")))));
    Results merged = parts.merged();
    assertThat(merged.environment()).containsEntry("kernel", "6.18");
    assertThat(merged.environment()).containsEntry("lab kernel, kernel", "6.1.0");
    assertThat(merged.cells())
        .containsExactly(cell(Map.of("contender", "fairlead ipvs", "kernel", "lab")));
  }
}
