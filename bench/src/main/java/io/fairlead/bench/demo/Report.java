package io.fairlead.bench.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;

/**
 * Prints a line per check: whether it holds, how long it took, what was checked and what was seen.
 * Whoever waits for longer than two seconds sees what for. Colours are for terminals alone. Not
 * thread-safe.
 */
final class Report {

  private static final String GREEN = "\u001b[32m";
  private static final String RED = "\u001b[31m";
  private static final String PLAIN = "\u001b[0m";
  private static final String CLEAR_LINE = "\r\u001b[K";
  private static final int TITLE_WIDTH = 43;

  private final PrintStream out;
  private final boolean terminal;
  private int passed;
  private int failed;

  /** What is done for a line; returns what was seen, or throws what went wrong. */
  @FunctionalInterface
  interface Step {
    String run() throws IOException, InterruptedException;
  }

  /** Prints to {@code out}, which is a terminal or not. */
  Report(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** Runs a step, prints its line and returns whether it succeeded. */
  boolean run(String title, Step step) throws InterruptedException {
    long start = System.nanoTime();
    boolean holds = false;
    String seen;
    Progress progress = Progress.start(out, terminal, title);
    try {
      seen = step.run();
      holds = true;
    } catch (CheckFailure e) {
      seen = e.getMessage();
    } catch (IOException | RuntimeException e) {
      seen = e.getMessage() == null ? e.toString() : e.getMessage();
    } finally {
      progress.end();
    }
    passed += holds ? 1 : 0;
    failed += holds ? 0 : 1;
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    line(holds, title, took, String.valueOf(seen));
    return holds;
  }

  private void line(boolean holds, String title, Duration took, String seen) {
    String mark = holds ? "✓" : "✗";
    String colour = holds ? GREEN : RED;
    String indented = seen.replace("\n", "\n    ");
    out.printf(
        "%s%s%s %-" + TITLE_WIDTH + "s %8s  %s%n",
        terminal ? CLEAR_LINE + colour : "",
        mark,
        terminal ? PLAIN : "",
        title,
        Times.text(took),
        indented);
    out.flush();
  }

  /** Prints the sum and returns the exit status. */
  int finish() {
    out.printf("%n%d passed, %d failed%n", passed, failed);
    return failed == 0 ? 0 : 1;
  }
}
