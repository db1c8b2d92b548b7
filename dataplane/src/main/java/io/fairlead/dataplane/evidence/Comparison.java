package io.fairlead.dataplane.evidence;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the kernel holds of ours beside what it should hold. Immutable.
 *
 * @param right how many objects are as they should be, by what they are, such as "rules"
 * @param differences what is not, sorted
 */
public record Comparison(SortedMap<String, Integer> right, List<Difference> differences) {

  /** Of nothing. */
  public static final Comparison NOTHING = new Comparison(new TreeMap<>(), List.of());

  public Comparison {
    right = Collections.unmodifiableSortedMap(new TreeMap<>(right));
    differences = differences.stream().sorted().toList();
  }

  /** Gathers a comparison. Not thread-safe. */
  public static final class Builder {

    private final SortedMap<String, Integer> right = new TreeMap<>();
    private final List<Difference> differences = new ArrayList<>();

    /** Counts objects that are as they should be. */
    public Builder right(String what, int count) {
      if (count > 0) {
        right.merge(what, count, Integer::sum);
      }
      return this;
    }

    /** Adds an object that is not. */
    public Builder add(Difference difference) {
      differences.add(difference);
      return this;
    }

    public Comparison build() {
      return new Comparison(right, differences);
    }
  }

  /** Whether everything is as it should be. */
  public boolean isClean() {
    return differences.isEmpty();
  }

  /** Both together. */
  public Comparison plus(Comparison other) {
    SortedMap<String, Integer> sum = new TreeMap<>(right);
    other.right.forEach((what, count) -> sum.merge(what, count, Integer::sum));
    List<Difference> all = new ArrayList<>(differences);
    all.addAll(other.differences);
    return new Comparison(sum, all);
  }

  /** Without these differences. */
  public Comparison without(Collection<Difference> some) {
    Set<Difference> gone = new HashSet<>(some);
    return new Comparison(
        right, differences.stream().filter(difference -> !gone.contains(difference)).toList());
  }

  /** With only those differences that are among these, too. */
  public Comparison only(Collection<Difference> some) {
    Set<Difference> kept = new HashSet<>(some);
    return new Comparison(right, differences.stream().filter(kept::contains).toList());
  }
}
