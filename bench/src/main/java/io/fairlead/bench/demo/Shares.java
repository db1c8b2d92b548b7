package io.fairlead.bench.demo;

import io.fairlead.bench.lab.Pod;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How new connections were spread over endpoints.
 *
 * @param counts by the endpoint's name
 */
record Shares(Map<String, Integer> counts) {

  /** A fair spread is farther off than this once in two million times. */
  private static final double STANDARD_DEVIATIONS = 5;

  /** Whether {@code pods}, and nobody else, got shares that a fair choice explains. */
  boolean areFair(Collection<Pod> pods) {
    int total = counts.values().stream().mapToInt(Integer::intValue).sum();
    double probability = 1.0 / pods.size();
    double deviation = Math.sqrt(total * probability * (1 - probability));
    return counts.keySet().equals(pods.stream().map(Pod::name).collect(Collectors.toSet()))
        && counts.values().stream()
            .allMatch(
                count -> Math.abs(count - total * probability) <= STANDARD_DEVIATIONS * deviation);
  }

  @Override
  public String toString() {
    int total = counts.values().stream().mapToInt(Integer::intValue).sum();
    return counts.entrySet().stream()
        .map(entry ->
            String.format(
                Locale.ROOT, "%s %.1f %%", entry.getKey(), 100.0 * entry.getValue() / total))
        .collect(Collectors.joining(", "));
  }
}
