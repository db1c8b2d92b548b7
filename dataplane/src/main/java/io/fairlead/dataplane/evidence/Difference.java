package io.fairlead.dataplane.evidence;

/**
 * Something of ours in the kernel that is not as the agent wants it.
 *
 * @param kind what is wrong
 * @param place what holds it, as {@link KernelObject#place}
 * @param wanted what should be there, in the words of the program that shows it; empty if nothing
 *     should
 * @param found what is there; empty if nothing is
 */
public record Difference(Kind kind, String place, String wanted, String found)
    implements Comparable<Difference> {

  /** What can be wrong with an object. */
  public enum Kind {
    MISSING,
    EXTRA,
    DIFFERENT
  }

  public static Difference missing(String place, String wanted) {
    return new Difference(Kind.MISSING, place, wanted, "");
  }

  public static Difference extra(String place, String found) {
    return new Difference(Kind.EXTRA, place, "", found);
  }

  public static Difference different(String place, String wanted, String found) {
    return new Difference(Kind.DIFFERENT, place, wanted, found);
  }

  @Override
  public int compareTo(Difference other) {
    int order = place.compareTo(other.place);
    if (order == 0) {
      order = (wanted + found).compareTo(other.wanted + other.found);
    }
    return order != 0 ? order : kind.compareTo(other.kind);
  }
}
