package io.fairlead.agent.conformance;

import java.io.IOException;
import java.time.Duration;

/** Waits for what a plugin may finish after it has answered. */
final class Waiting {

  private static final long STEP_MS = 20;

  private Waiting() {}

  interface Condition {
    boolean holds() throws IOException, InterruptedException;
  }

  /** Returns once {@code condition} holds, and after {@code limit} in any case. */
  static boolean until(Duration limit, Condition condition)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > end) {
        return false;
      }
      Thread.sleep(STEP_MS);
    }
    return true;
  }
}
