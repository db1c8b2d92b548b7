package io.fairlead.bench.demo;

import java.io.IOException;

/** A check found something else than what must be. */
public final class CheckFailure extends IOException {

  public CheckFailure(String seen) {
    super(seen);
  }

  /** Throws if {@code condition} does not hold. */
  static void unless(boolean condition, String seen) throws CheckFailure {
    if (!condition) {
      throw new CheckFailure(seen);
    }
  }
}
