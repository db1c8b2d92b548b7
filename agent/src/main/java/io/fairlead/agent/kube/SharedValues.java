package io.fairlead.agent.kube;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * One instance of values that many objects have alike: pods of one Deployment have the same labels
 * and ports, and policies of one chart the same rules. A value that another one pushes out of its
 * slot costs memory, never correctness, so that nothing is ever kept for want of a bound.
 * Thread-safe.
 */
final class SharedValues {

  private static final int SLOTS = 1 << 13;

  private static final AtomicReferenceArray<Object> VALUES = new AtomicReferenceArray<>(SLOTS);

  private SharedValues() {}

  /** An equal value that was seen lately, or {@code value}, which must be immutable. */
  static <T> T shared(T value) {
    int hash = value.hashCode();
    int slot = (hash ^ (hash >>> 13) ^ (hash >>> 26)) & (SLOTS - 1);
    Object present = VALUES.get(slot);
    if (value.equals(present)) {
      @SuppressWarnings("unchecked") // Equal records and lists of records have the same type.
      T equal = (T) present;
      return equal;
    }
    VALUES.set(slot, value);
    return value;
  }
}
