package io.fairlead.bench.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Notices when the machine itself stands still: a thread that sleeps for some milliseconds and is
 * woken much later. What times out meanwhile says nothing about anybody. Thread-safe.
 */
final class Standstill implements AutoCloseable {

  private static final long SLEEP_NANOS = 10_000_000;
  private static final long LATE_NANOS = 500_000_000;

  /** By System.nanoTime. */
  record Period(long startNanos, long endNanos) {}

  private final List<Period> periods = new ArrayList<>();
  private volatile boolean going = true;

  Standstill() {
    Thread.ofPlatform().daemon().name("standstill").start(this::run);
  }

  private void run() {
    while (going) {
      long start = System.nanoTime();
      LockSupport.parkNanos(SLEEP_NANOS);
      long end = System.nanoTime();
      if (end - start > LATE_NANOS) {
        synchronized (periods) {
          periods.add(new Period(start, end));
        }
      }
    }
  }

  List<Period> periods() {
    synchronized (periods) {
      return List.copyOf(periods);
    }
  }

  @Override
  public void close() {
    going = false;
  }
}
