package io.fairlead.bench.soak;

/**
 * How a soak goes.
 *
 * @param pods how many are attached, beside those that fail, and detached; 1 to 1,000,000
 * @param threads of the runtime, each with a pod at a time or some; 1 to 64
 * @param seed of everything that is random, except for what the scheduler does
 */
record SoakOptions(int pods, int threads, long seed) {

  private static final int MOST_PODS = 1_000_000;
  private static final int MOST_THREADS = 64;

  SoakOptions {
    check("--pods", pods, MOST_PODS);
    check("--threads", threads, MOST_THREADS);
  }

  private static void check(String flag, int value, int most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(
          flag + " takes a number from 1 to " + most + ", not \"" + value + "\"");
    }
  }
}
