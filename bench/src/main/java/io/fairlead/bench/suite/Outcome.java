package io.fairlead.bench.suite;

/**
 * How a measurement ended.
 *
 * @param seconds that it took
 * @param error why it failed, in a sentence; empty if it did not
 */
record Outcome(Step step, End end, double seconds, String error) {

  /** The kinds of ends. */
  enum End {
    DONE,
    FAILED,
    /** Somebody ended the suite, or it was never begun for that reason. */
    INTERRUPTED
  }

  static Outcome done(Step step, double seconds) {
    return new Outcome(step, End.DONE, seconds, "");
  }

  static Outcome failed(Step step, double seconds, String error) {
    return new Outcome(step, End.FAILED, seconds, error);
  }

  static Outcome interrupted(Step step, double seconds, String error) {
    return new Outcome(step, End.INTERRUPTED, seconds, error);
  }
}
