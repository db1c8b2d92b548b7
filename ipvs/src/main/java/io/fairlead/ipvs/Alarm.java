package io.fairlead.ipvs;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Time, for those that wait. */
interface Alarm {

  /** That of the JDK. */
  Alarm SYSTEM =
      new Alarm() {
        @Override
        public long now() {
          return System.nanoTime();
        }

        @Override
        public void after(long nanoseconds, Runnable task) {
          CompletableFuture.delayedExecutor(nanoseconds, TimeUnit.NANOSECONDS).execute(task);
        }
      };

  /** One that never wakes anybody. */
  Alarm NEVER =
      new Alarm() {
        @Override
        public long now() {
          return System.nanoTime();
        }

        @Override
        public void after(long nanoseconds, Runnable task) {}
      };

  /** Nanoseconds since any moment, as of {@link System#nanoTime}. */
  long now();

  /** Runs a short task once, on any thread. */
  void after(long nanoseconds, Runnable task);
}
