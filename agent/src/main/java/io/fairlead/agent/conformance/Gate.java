package io.fairlead.agent.conformance;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Holds back the standard input of several executions until all of them run, so that plugins, which
 * wait for it, do their work at the same time. Thread-safe.
 */
final class Gate {

  private static final long PATIENCE_SECONDS = 60;

  private final CountDownLatch waiting;
  private final CountDownLatch opened;

  private Gate(int processes, int closed) {
    waiting = new CountDownLatch(processes);
    opened = new CountDownLatch(closed);
  }

  /** One that holds nothing back. */
  static Gate open() {
    return new Gate(0, 0);
  }

  /** One that waits for so many processes. */
  static Gate of(int processes) {
    return new Gate(processes, 1);
  }

  /** Called for each process before its input is written. */
  void pass() {
    waiting.countDown();
    try {
      opened.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until all processes run, a minute at most, and lets them go. */
  void release() throws InterruptedException {
    boolean all = waiting.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    opened.countDown();
    if (!all) {
      throw new IllegalStateException(waiting.getCount() + " processes could not be started");
    }
  }
}
