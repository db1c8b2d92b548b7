package io.fairlead.bench.suite;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * While it is open, Ctrl-C or SIGTERM interrupts a thread instead of ending the process under it;
 * the process ends once it is closed.
 */
final class Interruption implements AutoCloseable {

  private static final int LONGEST_SECONDS = 60;

  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread hook;

  private Interruption(Thread thread) {
    this.hook =
        new Thread(
            () -> {
              thread.interrupt();
              try {
                // The process has gone when a hook returns.
                closed.await(LONGEST_SECONDS, TimeUnit.SECONDS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "interruption");
  }

  static Interruption ofThisThread() {
    Interruption interruption = new Interruption(Thread.currentThread());
    Runtime.getRuntime().addShutdownHook(interruption.hook);
    return interruption;
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // It runs already.
    }
  }
}
