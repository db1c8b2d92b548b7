package io.fairlead.bench.result;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes one of several results. */
public final class Merge {

  private Merge() {}

  /**
   * All cells, and for a fact of the environment on which they differ all that is said of it. Cells
   * of the same name, parameters and unit become one with the samples of all, in order.
   */
  public static Results of(List<Results> all) {
    Samples samples = new Samples();
    Map<String, String> environment = new LinkedHashMap<>();
    for (Results results : all) {
      results.environment().forEach((name, value) -> environment.merge(name, value, Merge::both));
      for (Cell cell : results.cells()) {
        cell.samples()
            .forEach(sample -> samples.add(cell.name(), cell.parameters(), cell.unit(), sample));
      }
    }
    return new Results(environment, samples.cells());
  }

  private static String both(String old, String more) {
    return List.of(old.split(" \\| ", -1)).contains(more) ? old : old + " | " + more;
  }
}
