package io.fairlead.bench.result;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gathers samples of several cells, in the order in which the cells appear. Not thread-safe. */
public final class Samples {

  private static final double NANOS_PER_MILLI = 1e6;

  private record Key(String name, Map<String, String> parameters, String unit) {}

  private final Map<Key, List<Double>> samples = new LinkedHashMap<>();

  public void add(String name, Map<String, String> parameters, String unit, double value) {
    samples
        .computeIfAbsent(new Key(name, Map.copyOf(parameters), unit), _ -> new ArrayList<>())
        .add(value);
  }

  /** A time, in milliseconds. */
  public void addNanos(String name, Map<String, String> parameters, long nanos) {
    add(name, parameters, "ms", nanos / NANOS_PER_MILLI);
  }

  public boolean isEmpty() {
    return samples.isEmpty();
  }

  public List<Cell> cells() {
    List<Cell> cells = new ArrayList<>();
    samples.forEach(
        (key, values) -> cells.add(new Cell(key.name(), key.parameters(), key.unit(), values)));
    return cells;
  }
}
