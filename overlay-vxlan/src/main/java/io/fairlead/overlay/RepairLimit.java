package io.fairlead.overlay;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Bounds how often one thing is repaired, so that somebody who keeps changing it does not keep us
 * busy: {@link #BURST} times at once, then once a second. Things are counted apart; one that is
 * fought over delays the repair of no other. Not thread-safe.
 */
final class RepairLimit<T> {

  static final int BURST = 20;
  static final long PERIOD = TimeUnit.SECONDS.toNanos(1);

  /** What {@link #dueIn} answers when nothing waits. */
  static final long NEVER = Long.MAX_VALUE;

  /** More than that many things are looked through for those that are long at rest. */
  private static final int CROWD = 4096;

  private final LongSupplier nanoTime;

  /** For each thing, when all of its repairs would be forgotten: the later, the more there were. */
  private final Map<T, Long> restUntil = new HashMap<>();

  private final Set<T> waiting = new LinkedHashSet<>();

  RepairLimit(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Whether the thing may be repaired now, which then counts; if not, it waits for its turn. */
  boolean take(T thing) {
    long now = nanoTime.getAsLong();
    if (restUntil.size() > CROWD) {
      restUntil.values().removeIf(until -> until - now <= 0);
    }
    long rest = rest(thing, now);
    if (rest > (BURST - 1) * PERIOD) {
      waiting.add(thing);
      return false;
    }
    restUntil.put(thing, now + rest + PERIOD);
    waiting.remove(thing);
    return true;
  }

  private long rest(T thing, long now) {
    Long until = restUntil.get(thing);
    return until == null ? 0 : Math.max(0, until - now);
  }

  /** The waiting things whose turn has come; they wait no more, and their repair counts. */
  Set<T> due() {
    Set<T> due = new LinkedHashSet<>();
    Iterator<T> things = new LinkedHashSet<>(waiting).iterator();
    while (things.hasNext()) {
      T thing = things.next();
      if (take(thing)) {
        due.add(thing);
      }
    }
    return due;
  }

  /** Nanoseconds until a waiting thing's turn comes, or {@link #NEVER}. */
  long dueIn() {
    long now = nanoTime.getAsLong();
    return waiting.stream()
        .mapToLong(thing -> Math.max(0, rest(thing, now) - (BURST - 1) * PERIOD))
        .min()
        .orElse(NEVER);
  }

  /** What is changed faster than it is repaired. */
  Set<T> waiting() {
    return java.util.Collections.unmodifiableSet(waiting);
  }
}
