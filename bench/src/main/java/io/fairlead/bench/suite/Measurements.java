package io.fairlead.bench.suite;

import static io.fairlead.bench.suite.Measurement.Where.HOST;

import io.fairlead.bench.suite.Measurement.Run;
import io.fairlead.bench.suite.Measurement.Where;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The table of all measurements, in the order in which they run. To add one, add its line: its
 * subcommand has to write its cells with --json. All lines together stay below half an hour, and
 * the quick ones below three minutes.
 */
final class Measurements {

  /** The table: name, what it needs; seconds and command line of the whole and the quick run. */
  static final List<Measurement> ALL =
      List.of(
          line("overlay", HOST, 30, "overlay", 5, "overlay --nodes 100 --rounds 5"),
          line("start", HOST, 50, "start --starts 5", 15, "start --starts 1"));

  private Measurements() {}

  private static Measurement line(
      String name,
      Where where,
      int seconds,
      String line,
      int quickSeconds,
      @Nullable String quickLine) {
    return new Measurement(
        name,
        where,
        Run.of(seconds, line),
        quickLine == null ? null : Run.of(quickSeconds, quickLine));
  }
}
