package io.fairlead.agent.conformance;

/** An obligation cannot be tried out here; the message says why. */
final class Inapplicable extends Exception {

  Inapplicable(String reason) {
    super(reason);
  }
}
