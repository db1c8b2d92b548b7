package io.fairlead.bench.effort;

import java.io.IOException;

/** Something that changes in rounds, in a network namespace of its own. Not thread-safe. */
public interface Subject extends AutoCloseable {

  /** For people. */
  String title();

  /** Makes one change of each kind, each counted by {@code meter}, and leaves all as it was. */
  void round(EffortMeter meter) throws IOException, InterruptedException;

  /**
   * Does what later follows from the rounds so far.
   *
   * @param rounds how many they were
   */
  default void finish(EffortMeter meter, int rounds) throws IOException, InterruptedException {}

  /** Its namespaces are gone then. */
  @Override
  void close();
}
