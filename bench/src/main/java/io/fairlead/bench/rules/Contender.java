package io.fairlead.bench.rules;

import java.io.IOException;

/**
 * Something that keeps Services in the kernel, in a network namespace of its own. Not thread-safe.
 */
interface Contender extends AutoCloseable {

  /** In place of a time that would say nothing. */
  long NOT_MEASURED = -1;

  /** As the table shows it. */
  String name();

  /**
   * Puts a population into an empty kernel.
   *
   * @return nanoseconds, from having it as records until the kernel has acknowledged all; or {@link
   *     #NOT_MEASURED}
   */
  long load(Population population) throws IOException, InterruptedException;

  /**
   * Puts a change into the kernel; there may have been others that it was not told of.
   *
   * @return when it began with it and when the kernel had acknowledged it
   */
  Applied change(Change change) throws IOException, InterruptedException;

  /** So many changes of a kind are enough: one that takes seconds need not be seen often. */
  default int mostChanges() {
    return Integer.MAX_VALUE;
  }

  /** Does, while no clock runs, what it does by itself while nothing changes. */
  default void settle() throws IOException, InterruptedException {}

  /** Ends it; its namespace is gone then. */
  @Override
  void close();
}
