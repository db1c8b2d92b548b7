package io.fairlead.agent;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Gives memory back that a burst of work took, such as the first list of all objects or an audit.
 * The serial collector returns memory only when it collects everything, which an agent that idles
 * may never have to do again. Collecting stops the agent for about a millisecond for each megabyte
 * that it keeps, so it happens at most once a minute, and only if the heap has grown by half.
 */
final class HeapTrim implements AutoCloseable {

  private static final long PERIOD_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** After the first sync, for its garbage to be garbage. */
  private static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Growth that is not worth a collection. */
  private static final long SLACK_BYTES = 16 << 20;

  private final LongSupplier committed;
  private final Runnable collector;
  private final Thread thread;
  private long kept;

  HeapTrim(LongSupplier committed, Runnable collector) {
    this.committed = committed;
    this.collector = collector;
    this.kept = committed.getAsLong();
    this.thread = Thread.ofPlatform().daemon().name("heap-trim").unstarted(this::run);
  }

  /** Of this process's heap; looks at nothing until {@link #start}. */
  static HeapTrim ofProcess() {
    return new HeapTrim(Runtime.getRuntime()::totalMemory, System::gc);
  }

  /** From now on the heap is looked at: soon, and then every minute. To be called once. */
  void start() {
    thread.start();
  }

  private void run() {
    long pause = FIRST_NANOS;
    while (!Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(pause);
      trim();
      pause = PERIOD_NANOS;
    }
  }

  /** Collects if that is worth it, and returns whether it was. */
  boolean trim() {
    long now = committed.getAsLong();
    boolean grown = now - kept > Math.max(SLACK_BYTES, kept / 2);
    if (grown) {
      collector.run();
    }
    // What is still there after a collection is needed.
    kept = grown ? committed.getAsLong() : Math.min(kept, now);
    return grown;
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
