package io.fairlead.dataplane.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Function;

/**
 * Compares lists in which the order counts, such as the rules of a chain: one that was taken out is
 * one difference, however many come after it. Pure.
 */
public final class OrderedComparison {

  /** Beyond this many steps what lies between equal beginnings and ends is compared in pairs. */
  private static final long MOST_STEPS = 4_000_000;

  private OrderedComparison() {}

  /**
   * Compares.
   *
   * @param what the plural of what is counted, such as "rules"
   * @param place of the list
   * @param same whether two are equal
   * @param text of one, for people
   */
  public static <T> void add(
      String what,
      String place,
      List<T> wanted,
      List<T> found,
      BiPredicate<T, T> same,
      Function<T, String> text,
      Comparison.Builder sink) {
    int least = Math.min(wanted.size(), found.size());
    int first = 0;
    while (first < least && same.test(wanted.get(first), found.get(first))) {
      first++;
    }
    int last = 0;
    while (last < least - first
        && same.test(wanted.get(wanted.size() - 1 - last), found.get(found.size() - 1 - last))) {
      last++;
    }
    List<T> someWanted = wanted.subList(first, wanted.size() - last);
    List<T> someFound = found.subList(first, found.size() - last);
    int common = between(place, someWanted, someFound, same, text, sink);
    sink.right(what, first + last + common);
  }

  /** Returns how many are equal. */
  private static <T> int between(
      String place,
      List<T> wanted,
      List<T> found,
      BiPredicate<T, T> same,
      Function<T, String> text,
      Comparison.Builder sink) {
    boolean large = (long) wanted.size() * found.size() > MOST_STEPS;
    int[][] lengths = large ? new int[0][0] : commonLengths(wanted, found, same);
    List<T> missing = new ArrayList<>();
    List<T> extra = new ArrayList<>();
    int common = 0;
    int w = 0;
    int f = 0;
    while (!large && w < wanted.size() && f < found.size()) {
      if (same.test(wanted.get(w), found.get(f))) {
        tell(place, missing, extra, text, sink);
        common++;
        w++;
        f++;
      } else if (lengths[w + 1][f] >= lengths[w][f + 1]) {
        missing.add(wanted.get(w++));
      } else {
        extra.add(found.get(f++));
      }
    }
    missing.addAll(wanted.subList(w, wanted.size()));
    extra.addAll(found.subList(f, found.size()));
    tell(place, missing, extra, text, sink);
    return common;
  }

  /** The lengths of the longest common subsequences of what begins at each pair of places. */
  private static <T> int[][] commonLengths(List<T> wanted, List<T> found, BiPredicate<T, T> same) {
    int[][] lengths = new int[wanted.size() + 1][found.size() + 1];
    for (int w = wanted.size() - 1; w >= 0; w--) {
      for (int f = found.size() - 1; f >= 0; f--) {
        lengths[w][f] =
            same.test(wanted.get(w), found.get(f))
                ? lengths[w + 1][f + 1] + 1
                : Math.max(lengths[w + 1][f], lengths[w][f + 1]);
      }
    }
    return lengths;
  }

  /** What stands in the place of something else is different. */
  private static <T> void tell(
      String place,
      List<T> missing,
      List<T> extra,
      Function<T, String> text,
      Comparison.Builder sink) {
    int pairs = Math.min(missing.size(), extra.size());
    for (int i = 0; i < pairs; i++) {
      sink.add(Difference.different(place, text.apply(missing.get(i)), text.apply(extra.get(i))));
    }
    for (T one : missing.subList(pairs, missing.size())) {
      sink.add(Difference.missing(place, text.apply(one)));
    }
    for (T one : extra.subList(pairs, extra.size())) {
      sink.add(Difference.extra(place, text.apply(one)));
    }
    missing.clear();
    extra.clear();
  }
}
