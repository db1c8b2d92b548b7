package io.fairlead.dataplane.policy.enforcement;

import io.fairlead.dataplane.model.ObjectKey;
import java.util.Comparator;

/**
 * That an address is somebody's. What the CNI plugin says outweighs what the API server says; else
 * the later claim is the better one, since an address that is given again was given back.
 *
 * @param attached grows with each attachment; 0 for a record of the API server's
 * @param created when the pod was, in seconds since 1970
 * @param key decides between records of the same second
 */
record Claim(long attached, long created, ObjectKey key, Occupant occupant)
    implements Comparable<Claim> {

  private static final Comparator<Claim> ORDER =
      Comparator.comparingLong(Claim::attached)
          .thenComparingLong(Claim::created)
          .thenComparing(Claim::key);

  private static final ObjectKey NO_KEY = ObjectKey.cluster("");

  static Claim attachment(long attached, Occupant occupant) {
    return new Claim(attached, 0, NO_KEY, occupant);
  }

  static Claim record(long created, ObjectKey key, Occupant occupant) {
    return new Claim(0, created, key, occupant);
  }

  /** Whether it is made by the same interface or pod. */
  boolean isOfSame(Claim other) {
    return attached == other.attached && key.equals(other.key);
  }

  @Override
  public int compareTo(Claim other) {
    return ORDER.compare(this, other);
  }
}
