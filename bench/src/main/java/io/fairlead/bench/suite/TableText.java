package io.fairlead.bench.suite;

import io.fairlead.bench.suite.Measurement.Run;
import java.util.Locale;
import java.util.Map;

/** The table for people. */
final class TableText {

  private TableText() {}

  static String of(Map<Measurement, Run> lines) {
    StringBuilder text = new StringBuilder();
    int seconds = 0;
    for (Map.Entry<Measurement, Run> line : lines.entrySet()) {
      Measurement measurement = line.getKey();
      Run run = line.getValue();
      String needs =
          switch (measurement.where()) {
            case HOST -> "";
            case LAB_KERNEL -> "  (in the lab kernel)";
            case WITH_KUBE_PROXY -> "  (with --kube-proxy and --kubeconfig)";
          };
      text.append(
          String.format(
              Locale.ROOT,
              "%-20s %4d s  %s%s%n",
              measurement.name(),
              run.seconds(),
              run.line(),
              needs));
      seconds += run.seconds();
    }
    return text + String.format(Locale.ROOT, "%-20s %4d s%n", "", seconds);
  }
}
