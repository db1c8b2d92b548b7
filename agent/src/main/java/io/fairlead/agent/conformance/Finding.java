package io.fairlead.agent.conformance;

import java.time.Duration;

/**
 * What became of one obligation.
 *
 * @param seen what the plugin did, or why it could not be tried
 */
public record Finding(
    String id,
    String section,
    String edgeCase,
    String text,
    Verdict verdict,
    String seen,
    Duration duration) {

  /** Whether an obligation is met. */
  public enum Verdict {
    PASS,
    FAIL,
    SKIPPED
  }

  static Finding of(Obligation obligation, Verdict verdict, String seen, Duration duration) {
    return new Finding(
        obligation.id(),
        obligation.section(),
        obligation.edgeCase(),
        obligation.text(),
        verdict,
        seen,
        duration);
  }
}
