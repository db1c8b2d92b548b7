package io.fairlead.bench.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.fairlead.bench.cli.BenchCommand;
import io.fairlead.bench.suite.Measurement.Run;
import io.fairlead.bench.suite.Measurement.Where;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MeasurementsTest {

  private static final List<Measurement> TABLE =
      List.of(
          new Measurement("plain", Where.HOST, Run.of(20, "rules --services 5"), null),
          new Measurement("lab", Where.LAB_KERNEL, Run.of(30, "rules --backend ipvs"), null),
          new Measurement("quick", Where.HOST, Run.of(10, "cni"), Run.of(2, "cni --pods 1")),
          new Measurement("proxy", Where.WITH_KUBE_PROXY, Run.of(9, "proxy"), Run.of(9, "proxy")));

  @Test
  void everyLineIsACommandLineOfTheBenchmark() {
    assertThat(Measurements.ALL).isNotEmpty();
    for (Measurement measurement : Measurements.ALL) {
      assertThat(measurement.name()).matches("[a-z][a-z0-9-]*");
      List<Run> runs = new ArrayList<>(List.of(measurement.whole()));
      if (measurement.quick() != null) {
        runs.add(measurement.quick());
      }
      for (Run run : runs) {
        List<String> line = new ArrayList<>(run.arguments());
        line.addAll(List.of("--json", "file"));
        if (measurement.where() == Where.WITH_KUBE_PROXY) {
          line.addAll(List.of("--kube-proxy", "program", "--kubeconfig", "file"));
        }
        assertThatCode(() -> BenchCommand.commandLine().parseArgs(line.toArray(String[]::new)))
            .as(measurement.name())
            .doesNotThrowAnyException();
      }
    }
    assertThat(Measurements.ALL).extracting(Measurement::name).doesNotHaveDuplicates();
  }

  @Test
  void everythingTogetherKeepsItsTime() {
    Map<Measurement, Run> whole = Selection.of(Measurements.ALL, false, false, List.of());
    Map<Measurement, Run> quick = Selection.of(Measurements.ALL, true, false, List.of());
    assertThat(whole.values())
        .extracting(Run::seconds)
        .satisfies(all -> assertThat(sum(all)).isLessThanOrEqualTo(30 * 60));
    assertThat(quick.values())
        .extracting(Run::seconds)
        .satisfies(all -> assertThat(sum(all)).isLessThanOrEqualTo(3 * 60));
    // It takes minutes to make the lab kernel.
    assertThat(quick.keySet()).noneMatch(one -> one.where() == Where.LAB_KERNEL);
  }

  private static int sum(List<? extends Integer> seconds) {
    return seconds.stream().mapToInt(Integer::intValue).sum();
  }

  @Test
  void linesAreChosen() {
    assertThat(names(false, false, "")).containsExactly("plain", "lab", "quick");
    assertThat(names(false, true, "")).containsExactly("plain", "lab", "quick", "proxy");
    assertThat(names(true, false, "")).containsExactly("quick");
    assertThat(names(false, false, "quick", "lab")).containsExactly("lab", "quick");
    assertThat(names(false, false, "rules")).containsExactly("plain", "lab");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> names(false, false, "quick", "cnis"))
        .withMessage("there is no measurement \"cnis\"; try plain, lab, quick, proxy");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> names(true, false, "plain", "proxy"))
        .withMessageContaining("none of these measurements is in the quick run");
  }

  private static List<String> names(boolean quick, boolean kubeProxy, String... only) {
    List<String> names = only[0].isEmpty() ? List.of() : List.of(only);
    return Selection.of(TABLE, quick, kubeProxy, names).keySet().stream()
        .map(Measurement::name)
        .toList();
  }

  @Test
  void aLineBecomesAProcess() {
    Commands commands =
        new Commands(
            Path.of("/tree/bin/fairlead-bench"),
            Path.of("/tree"),
            Path.of("/elsewhere/parts"),
            List.of("--kube-proxy", "k", "--kubeconfig", "c"),
            Map.of("FAIRLEAD_JAVA_OPTIONS", "-ea", "HOME", "/root"));
    assertThat(line(commands, 0))
        .isEqualTo(
            "setpriv --pdeathsig TERM /tree/bin/fairlead-bench rules --services 5"
                + " --json /elsewhere/parts/plain.json");
    assertThat(line(commands, 1))
        .isEqualTo(
            "setpriv --pdeathsig TERM /tree/scripts/lab-kernel run --time-limit 150"
                + " --share /elsewhere/parts --env FAIRLEAD_JAVA_OPTIONS=-ea"
                + " /tree/bin/fairlead-bench rules --backend ipvs"
                + " --json /elsewhere/parts/lab.json");
    assertThat(line(commands, 3))
        .endsWith("proxy --kube-proxy k --kubeconfig c --json /elsewhere/parts/proxy.json");
  }

  private static String line(Commands commands, int index) {
    Measurement measurement = TABLE.get(index);
    return String.join(" ", commands.step(measurement, measurement.whole()).command());
  }

  @Test
  void theTableIsPrinted() {
    assertThat(TableText.of(Selection.of(TABLE, false, false, List.of("rules"))))
        .isEqualTo(
            """
            plain                  20 s  rules --services 5
            lab                    30 s  rules --backend ipvs  (in the lab kernel)
                                   50 s
            """);
  }
}
