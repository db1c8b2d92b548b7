package io.fairlead.bench.chaos.probe;

/**
 * Something that went wrong.
 *
 * @param probe whose traffic it was
 * @param startNanos by System.nanoTime
 * @param endNanos when it was over, or was noticed
 * @param words what was seen
 */
public record Incident(String probe, Effect effect, long startNanos, long endNanos, String words) {

  /** How long it took. */
  public long nanos() {
    return endNanos - startNanos;
  }
}
