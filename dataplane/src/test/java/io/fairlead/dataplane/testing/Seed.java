package io.fairlead.dataplane.testing;

import java.util.random.RandomGenerator;

/** Randomness that can be repeated: {@code -Dfairlead.seed=N} brings back a run. */
public final class Seed {

  private Seed() {}

  /** A generator whose seed is printed. */
  public static RandomGenerator generator(String test) {
    long seed = Long.getLong("fairlead.seed", System.nanoTime());
    System.out.println(test + ": -Dfairlead.seed=" + seed);
    return new java.util.SplittableRandom(seed);
  }
}
