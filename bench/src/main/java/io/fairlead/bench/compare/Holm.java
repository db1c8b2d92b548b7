package io.fairlead.bench.compare;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Corrects probabilities for their number (Holm, 1979): if all those at or below a level are called
 * real, the chance that any of them is not is at most the level, whatever depends on what.
 */
final class Holm {

  private Holm() {}

  /** In the same order, none above 1. */
  static double[] corrected(double[] probabilities) {
    int count = probabilities.length;
    List<Integer> order =
        IntStream.range(0, count)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> probabilities[i]))
            .toList();
    double[] corrected = new double[count];
    double highest = 0;
    for (int rank = 0; rank < count; rank++) {
      int index = order.get(rank);
      highest = Math.max(highest, Math.min(1, (count - rank) * probabilities[index]));
      corrected[index] = highest;
    }
    return corrected;
  }
}
