package io.fairlead.bench.rules;

import java.io.PrintStream;
import java.util.Locale;

/** Says what goes on, a line each, with the time since the start. */
final class ProgressLines {

  private final PrintStream out;
  private final long begin = System.nanoTime();

  ProgressLines(PrintStream out) {
    this.out = out;
  }

  void say(String line) {
    out.printf(Locale.ROOT, "%6.1f s  %s%n", (System.nanoTime() - begin) / 1e9, line);
    out.flush();
  }
}
