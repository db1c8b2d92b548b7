package io.fairlead.bench.result;

import java.io.PrintStream;
import java.util.Locale;

/** Says what goes on, a line each, with the time since the start. */
public final class ProgressLines {

  private final PrintStream out;
  private final long begin = System.nanoTime();

  public ProgressLines(PrintStream out) {
    this.out = out;
  }

  public void say(String line) {
    out.printf(Locale.ROOT, "%6.1f s  %s%n", (System.nanoTime() - begin) / 1e9, line);
    out.flush();
  }
}
