package io.fairlead.bench.demo;

import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Says what goes on once it takes longer than two seconds: on a terminal with a line that counts
 * the seconds until it is overwritten, elsewhere with one line.
 */
final class Progress {

  private static final int PATIENCE_SECONDS = 2;

  private final PrintStream out;
  private final boolean terminal;
  private final String title;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();
  private boolean over;

  private Progress(PrintStream out, boolean terminal, String title) {
    this.out = out;
    this.terminal = terminal;
    this.title = title;
    this.thread = Thread.ofVirtual().unstarted(this::run);
  }

  static Progress start(PrintStream out, boolean terminal, String title) {
    Progress progress = new Progress(out, terminal, title);
    progress.thread.start();
    return progress;
  }

  private void run() {
    lock.lock();
    try {
      long left = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      for (int seconds = PATIENCE_SECONDS; !over; ) {
        left = ended.awaitNanos(left);
        if (left <= 0 && !over) {
          print(seconds++);
          left = TimeUnit.SECONDS.toNanos(1);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private void print(int seconds) {
    if (terminal) {
      out.printf("\r… %s, %d s", title, seconds);
    } else if (seconds == PATIENCE_SECONDS) {
      out.printf("… %s%n", title);
    }
    out.flush();
  }

  /** Prints nothing from here on. */
  void end() throws InterruptedException {
    lock.lock();
    try {
      over = true;
      ended.signalAll();
    } finally {
      lock.unlock();
    }
    thread.join();
  }
}
