package io.fairlead.bench.lab;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Bounded waits for conditions of other processes that offer nothing to wait on. */
public final class Await {

  private static final long PAUSE_NANOS = 5_000_000;

  private Await() {}

  /** A condition, or a failure that no waiting mends. */
  @FunctionalInterface
  public interface Condition extends Callable<Boolean> {
    @Override
    Boolean call() throws IOException, InterruptedException;
  }

  /**
   * Returns as soon as {@code condition} holds, with how long that took.
   *
   * @throws IOException naming {@code what} after {@code limit}
   */
  public static Duration until(String what, Duration limit, Condition condition)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    while (!condition.call()) {
      if (Thread.interrupted()) {
        throw new InterruptedException("while waiting until " + what);
      }
      if (System.nanoTime() - start > limit.toNanos()) {
        throw new IOException("waited " + limit.toMillis() + " ms, but not yet: " + what);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
