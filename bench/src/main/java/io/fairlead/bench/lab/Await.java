package io.fairlead.bench.lab;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Bounded waits for conditions of other processes that offer nothing to wait on. */
public final class Await {

  /**
   * A limit far beyond what anything takes, also on one slow processor that many share. Where a
   * time is a verdict it is measured instead.
   */
  public static final Duration PATIENCE = Duration.ofSeconds(60);

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
    for (long asked = start; !condition.call(); asked = System.nanoTime()) {
      if (Thread.interrupted()) {
        throw new InterruptedException("while waiting until " + what);
      }
      if (System.nanoTime() - start > limit.toNanos()) {
        throw new IOException("waited " + limit.toMillis() + " ms, but not yet: " + what);
      }
      // As long as the question took, so that asking never takes the processor from who is waited
      // for.
      LockSupport.parkNanos(Math.max(PAUSE_NANOS, System.nanoTime() - asked));
    }
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
