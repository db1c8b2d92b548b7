package io.fairlead.bench.jmh;

/**
 * How long each benchmark is run.
 *
 * @param forks JVMs, one after the other; 0 to run in this one
 * @param warmUps iterations whose results are dropped
 * @param iterations that count, each of them a sample
 * @param millis of each iteration; 0 to call the method just once
 */
public record Effort(int forks, int warmUps, int iterations, int millis) {

  /** Every method once, in this JVM: for tests. */
  public static final Effort ONCE = new Effort(0, 0, 1, 0);
}
