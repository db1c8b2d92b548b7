package io.fairlead.dataplane.table;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Does one thing whenever it is asked to, on a thread of its own: signals that come while it is
 * busy bring about one more run. A run that fails is repeated after a delay that grows. For what
 * must not be done by those who notice that it has to be, such as threads that read events.
 */
public final class RepeatingThread implements AutoCloseable {

  /** What is done. */
  @FunctionalInterface
  public interface Task {
    void run() throws IOException;
  }

  private static final long FIRST_DELAY = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long LONGEST_DELAY = TimeUnit.SECONDS.toNanos(30);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Task task;
  private final Consumer<IOException> failures;
  private final Thread thread;
  private boolean signalled;
  private boolean closed;

  private RepeatingThread(String name, Task task, Consumer<IOException> failures) {
    this.task = task;
    this.failures = failures;
    this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::loop);
  }

  /**
   * Starts waiting for signals.
   *
   * @param failures told of each run that failed, on this thread
   */
  public static RepeatingThread start(String name, Task task, Consumer<IOException> failures) {
    RepeatingThread repeating = new RepeatingThread(name, task, failures);
    repeating.thread.start();
    return repeating;
  }

  /** Has the task run soon: once more if it runs now. Waits for nothing. Thread-safe. */
  public void signal() {
    lock.lock();
    try {
      signalled = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void loop() {
    long delay = 0;
    try {
      while (awaitTurn(delay)) {
        delay = run() ? 0 : Math.min(LONGEST_DELAY, Math.max(FIRST_DELAY, 2 * delay));
        if (delay > 0) {
          signal();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean run() {
    try {
      task.run();
      return true;
    } catch (IOException e) {
      failures.accept(e);
      return false;
    } catch (RuntimeException e) {
      failures.accept(new IOException("unexpectedly: " + e, e));
      return false;
    }
  }

  /**
   * Returns once there is a signal and the delay is over; false once this is closed.
   *
   * @param delay in nanoseconds, not shortened by signals
   */
  private boolean awaitTurn(long delay) throws InterruptedException {
    lock.lock();
    try {
      long left = delay;
      while (!closed && left > 0) {
        left = changed.awaitNanos(left);
      }
      while (!closed && !signalled) {
        changed.await();
      }
      signalled = false;
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /** Ends after the present run. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
