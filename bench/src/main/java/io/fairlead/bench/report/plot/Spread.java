package io.fairlead.bench.report.plot;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Puts labels that want the same place beside each other. */
final class Spread {

  private Spread() {}

  /**
   * Upper edges for boxes, as near as can be to where they would be, in the same order and without
   * overlap, within the room if that is large enough.
   *
   * @param wanted the middle that each box wants
   * @param heights of the boxes
   */
  static List<Double> tops(List<Double> wanted, List<Double> heights, double low, double high) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < wanted.size(); i++) {
      order.add(i);
    }
    order.sort((a, b) -> Double.compare(wanted.get(a), wanted.get(b)));
    List<Double> tops = new ArrayList<>(Collections.nCopies(wanted.size(), 0.0));
    double free = low;
    for (int box : order) {
      double top = Math.max(free, wanted.get(box) - heights.get(box) / 2);
      tops.set(box, top);
      free = top + heights.get(box);
    }
    double end = high;
    for (int box : order.reversed()) {
      double top = Math.min(tops.get(box), end - heights.get(box));
      tops.set(box, top);
      end = top;
    }
    return tops;
  }
}
