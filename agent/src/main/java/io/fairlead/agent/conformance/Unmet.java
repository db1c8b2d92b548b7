package io.fairlead.agent.conformance;

/** The plugin does not do what is asked of it; the message says what it did. */
final class Unmet extends Exception {

  Unmet(String seen) {
    super(seen);
  }

  static void require(boolean condition, String otherwise) throws Unmet {
    if (!condition) {
      throw new Unmet(otherwise);
    }
  }
}
