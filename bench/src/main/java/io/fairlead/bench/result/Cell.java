package io.fairlead.bench.result;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One figure of a benchmark: every sample of it, in the order in which they were taken. Immutable.
 *
 * @param name what was measured, for example "cni-add"
 * @param parameters what it was measured with, such as the contender; ordered by name
 * @param unit of the samples, for example "ms"
 * @param samples at least one
 */
public record Cell(String name, Map<String, String> parameters, String unit, List<Double> samples) {

  public Cell {
    if (samples.isEmpty()) {
      throw new IllegalArgumentException("the cell " + name + " has no samples");
    }
    parameters = java.util.Collections.unmodifiableMap(new TreeMap<>(parameters));
    samples = List.copyOf(samples);
  }

  /** How many samples there are. */
  public int count() {
    return samples.size();
  }

  /** The least sample that is not below {@code percent} percent of all (nearest rank). */
  public double percentile(double percent) {
    double[] sorted = samples.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    int rank = (int) Math.ceil(percent / 100 * sorted.length);
    return sorted[Math.clamp(rank - 1, 0, sorted.length - 1)];
  }

  public double maximum() {
    return percentile(100);
  }
}
