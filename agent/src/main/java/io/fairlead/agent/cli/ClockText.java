package io.fairlead.agent.cli;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times of day for people. Pure. */
final class ClockText {

  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);

  private ClockText() {}

  /** "14:03:59.123" of an ISO 8601 time; what is none stays as it is. */
  static String time(String iso, ZoneId zone) {
    try {
      return FORMAT.format(Instant.parse(iso).atZone(zone));
    } catch (DateTimeException e) {
      return iso;
    }
  }

  /** "35 µs", "1.2 ms", "3.4 s". */
  static String duration(long microseconds) {
    if (microseconds < 1000) {
      return microseconds + " µs";
    }
    return microseconds < 1_000_000
        ? String.format(Locale.ROOT, "%.1f ms", microseconds / 1e3)
        : String.format(Locale.ROOT, "%.1f s", microseconds / 1e6);
  }
}
