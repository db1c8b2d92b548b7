package io.fairlead.agent.subsystem.policy.flow;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Chooses the denied flows that are worth a line of the log: the first of its kind in a minute, and
 * not too many. Not thread-safe.
 */
final class LineLimit {

  /** Lines in a minute at most. */
  static final int MOST = 60;

  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  /** What flows of one kind have in common. */
  private record Kind(String source, String destination, int port, String direction) {}

  private final LongSupplier clock;
  private final Set<Kind> told = new HashSet<>();
  private long begin;

  /**
   * Nothing is told yet.
   *
   * @param clock nanoseconds, as System.nanoTime
   */
  LineLimit(LongSupplier clock) {
    this.clock = clock;
    this.begin = clock.getAsLong();
  }

  /** Whether the flow gets a line, which counts. */
  boolean admits(DeniedFlow flow) {
    long now = clock.getAsLong();
    if (now - begin >= MINUTE) {
      begin = now;
      told.clear();
    }
    return told.size() < MOST
        && told.add(
            new Kind(
                flow.source().address(),
                flow.destination().address(),
                flow.destination().port(),
                flow.direction()));
  }
}
