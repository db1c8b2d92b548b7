package io.fairlead.bench.compare;

import java.util.Arrays;

/**
 * How far one sample is above another: the median of the differences between each of the one and
 * each of the other (Hodges and Lehmann, 1963), which a few outliers do not move.
 */
final class Shift {

  /** Of larger samples so many order statistics are taken, evenly spaced. */
  private static final int MOST = 1000;

  private Shift() {}

  static double between(double[] before, double[] after) {
    double[] from = thinned(before);
    double[] to = thinned(after);
    double[] differences = new double[from.length * to.length];
    int next = 0;
    for (double a : from) {
      for (double b : to) {
        differences[next++] = b - a;
      }
    }
    return median(differences);
  }

  private static double[] thinned(double[] values) {
    if (values.length <= MOST) {
      return values;
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double[] taken = new double[MOST];
    for (int i = 0; i < MOST; i++) {
      taken[i] = sorted[(int) ((i + 0.5) * sorted.length / MOST)];
    }
    return taken;
  }

  /** The middle one, or the mean of the two in the middle. Sorts {@code values}. */
  static double median(double[] values) {
    Arrays.sort(values);
    int middle = values.length / 2;
    return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  }
}
