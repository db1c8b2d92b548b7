package io.fairlead.dataplane.policy.enforcement;

import io.fairlead.dataplane.policy.enforcement.EnforcementChange.Delta;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;

/**
 * What became different, since it was last told, in a set that is told only while somebody uses it.
 * The set itself is elsewhere.
 */
final class Membership<T> {

  private int users;
  private boolean wasTold;
  private final Set<T> added = new HashSet<>();
  private final Set<T> removed = new HashSet<>();

  void acquire() {
    users++;
  }

  void release() {
    users--;
  }

  boolean isUsed() {
    return users > 0;
  }

  /** Whether the set was in use when that was last told, and still is. */
  boolean staysUsed() {
    return wasTold && isUsed();
  }

  /** Somebody who was no member is one now. */
  void add(T member) {
    if (wasTold && !removed.remove(member)) {
      added.add(member);
    }
  }

  /** Somebody who was a member is none any more. */
  void remove(T member) {
    if (wasTold && !added.remove(member)) {
      removed.add(member);
    }
  }

  /**
   * Tells what is different.
   *
   * @param members all there are now, whether in use or not
   */
  Delta<T> take(Set<T> members) {
    Set<T> came = added;
    if (wasTold && !isUsed()) {
      removed.addAll(members);
      removed.removeAll(added);
      came = Set.of();
    } else if (!wasTold && isUsed()) {
      came = members;
    }
    Delta<T> delta = new Delta<>(copy(came), copy(removed));
    added.clear();
    removed.clear();
    wasTold = isUsed();
    return delta;
  }

  // Not Set.copyOf: what it makes looks for each of many addresses in a row by passing the others.
  private static <T> Set<T> copy(Set<T> set) {
    return set.isEmpty() ? Set.of() : Collections.unmodifiableSet(new HashSet<>(set));
  }
}
