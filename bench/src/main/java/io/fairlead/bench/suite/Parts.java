package io.fairlead.bench.suite;

import io.fairlead.bench.result.Cell;
import io.fairlead.bench.result.Merge;
import io.fairlead.bench.result.Results;
import io.fairlead.bench.suite.Measurement.Where;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes one of the results of all measurements. Facts of the machine stay as they are; those of one
 * measurement, such as its seed and its load, are named "MEASUREMENT: FACT". Cells of the lab
 * kernel get the parameter "kernel", since they compare with nothing else.
 */
final class Parts {

  /** The value of the parameter "kernel". */
  static final String LAB = "lab";

  private static final List<String> OF_A_KERNEL = List.of("kernel", "processors", "memory");

  private final Map<String, String> environment;
  private final List<Results> all = new ArrayList<>();

  /**
   * @param environment of the machine and of the whole run
   */
  Parts(Map<String, String> environment) {
    this.environment = new LinkedHashMap<>(environment);
  }

  /** Adds what became of a measurement that wrote nothing. */
  void add(Outcome outcome) {
    Step step = outcome.step();
    String prefix = step.name() + ": ";
    environment.put(prefix + "command", step.run().line());
    environment.put(prefix + "seconds", String.format(Locale.ROOT, "%.0f", outcome.seconds()));
    if (!outcome.error().isEmpty()) {
      environment.put(prefix + "failed", outcome.error());
    }
  }

  /** Adds what a measurement wrote. */
  void add(Outcome outcome, Results results) {
    add(outcome);
    boolean lab = outcome.step().measurement().where() == Where.LAB_KERNEL;
    results
        .environment()
        .forEach((name, value) -> {
          if (lab && OF_A_KERNEL.contains(name)) {
            environment.put("lab kernel, " + name, value);
          } else if (!value.equals(environment.get(name))) {
            environment.put(outcome.step().name() + ": " + name, value);
          }
        });
    all.add(
        new Results(
            Map.of(), results.cells().stream().map(cell -> lab ? inLab(cell) : cell).toList()));
  }

  private static Cell inLab(Cell cell) {
    Map<String, String> parameters = new TreeMap<>(cell.parameters());
    parameters.put("kernel", LAB);
    return new Cell(cell.name(), parameters, cell.unit(), cell.samples());
  }

  Results merged() {
    return new Results(environment, Merge.of(all).cells());
  }
}
