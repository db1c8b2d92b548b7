package io.fairlead.bench.compare;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Units whose figures do not depend on the clock, so that no test is needed: any increase beyond
 * what is tolerated is worse.
 */
final class Counts {

  /** The allocation of a change depends a little on when classes were loaded and compiled. */
  private static final double OF_ALLOCATION = 0.05;

  /** And of very small ones: a tenth of a small object is no change of the code. */
  private static final double LEAST_BYTES = 64;

  private static final Map<String, Double> TOLERATED =
      Map.of(
          "messages", 0.0,
          "bytes", 0.0,
          "operations", 0.0,
          "elements", 0.0,
          "calls", 0.0,
          "B", OF_ALLOCATION,
          "B/op", OF_ALLOCATION);

  private Counts() {}

  /** Which part of a figure of this unit may be added without being worse; null for no count. */
  static @Nullable Double tolerated(String unit) {
    return TOLERATED.get(unit);
  }

  /** The least difference that is one, where the unit has a tolerance. */
  static double least(double figure, double tolerated) {
    return tolerated == 0 ? 0 : Math.max(figure * tolerated, LEAST_BYTES);
  }
}
