package io.fairlead.bench.demo;

import java.time.Duration;
import java.util.Locale;

/** Durations for people. */
final class Times {

  private Times() {}

  /** Such as "0.35 ms", "12 ms" or "1.4 s". */
  static String text(Duration duration) {
    double millis = duration.toNanos() / 1e6;
    if (millis < 10) {
      return String.format(Locale.ROOT, "%.2f ms", millis);
    }
    return millis < 1000
        ? String.format(Locale.ROOT, "%.0f ms", millis)
        : String.format(Locale.ROOT, "%.1f s", millis / 1000);
  }
}
