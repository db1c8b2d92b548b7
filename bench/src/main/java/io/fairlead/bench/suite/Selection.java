package io.fairlead.bench.suite;

import io.fairlead.bench.suite.Measurement.Run;
import io.fairlead.bench.suite.Measurement.Where;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Chooses lines of the table. */
final class Selection {

  private Selection() {}

  /**
   * The lines that are to run, in the order of the table, each with how it is to run.
   *
   * @param only names of lines or of subcommands; empty for all
   * @throws IllegalArgumentException with a sentence if a name is not in the table, or there is
   *     nothing to run
   */
  static Map<Measurement, Run> of(
      List<Measurement> table, boolean quick, boolean kubeProxy, List<String> only) {
    List<String> unknown = new ArrayList<>(only);
    Map<Measurement, Run> chosen = new LinkedHashMap<>();
    for (Measurement measurement : table) {
      boolean named = only.isEmpty();
      for (String name : only) {
        if (name.equals(measurement.name())
            || name.equals(measurement.whole().arguments().getFirst())) {
          named = true;
          unknown.remove(name);
        }
      }
      Run run = quick ? measurement.quick() : measurement.whole();
      if (named && run != null && (kubeProxy || measurement.where() != Where.WITH_KUBE_PROXY)) {
        chosen.put(measurement, run);
      }
    }
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "there is no measurement \"" + unknown.getFirst() + "\"; try " + names(table));
    }
    if (chosen.isEmpty()) {
      throw new IllegalArgumentException(
          "none of these measurements is in the quick run, or without a kube-proxy: "
              + String.join(", ", only));
    }
    return chosen;
  }

  private static String names(List<Measurement> table) {
    return table.stream().map(Measurement::name).collect(Collectors.joining(", "));
  }
}
