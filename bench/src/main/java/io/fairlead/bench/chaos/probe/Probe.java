package io.fairlead.bench.chaos.probe;

/** Traffic on a thread of its own, from its start until it is closed. */
public interface Probe extends AutoCloseable {

  /** What it has seen so far. */
  ProbeLog log();

  /** Whether all is well since {@code nanos}, by System.nanoTime. */
  boolean isWellSince(long nanos);

  @Override
  void close();
}
