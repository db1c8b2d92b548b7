package io.fairlead.agent.subsystem.observe;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Lets so many through in a second, and counts the others. Thread-safe. */
final class RateGate {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final int rate;
  private final LongSupplier nanoTime;
  private long begin;
  private int admitted;
  private long skipped;

  RateGate(int rate, LongSupplier nanoTime) {
    this.rate = rate;
    this.nanoTime = nanoTime;
    this.begin = nanoTime.getAsLong();
  }

  /** Whether one more may pass now. */
  synchronized boolean admits() {
    long now = nanoTime.getAsLong();
    if (now - begin >= SECOND) {
      begin = now;
      admitted = 0;
    }
    if (admitted < rate) {
      admitted++;
      return true;
    }
    skipped++;
    return false;
  }

  /** How many did not pass since the last call. */
  synchronized long takeSkipped() {
    long count = skipped;
    skipped = 0;
    return count;
  }
}
