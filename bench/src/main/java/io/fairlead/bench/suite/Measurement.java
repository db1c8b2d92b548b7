package io.fairlead.bench.suite;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A line of the suite's table.
 *
 * @param name of its files, and what --only says; words of lower case with dashes
 * @param where what it needs
 * @param whole how it is run by "make bench"
 * @param quick how it is run by "make bench-quick", or null if it is not
 */
record Measurement(String name, Where where, Run whole, @Nullable Run quick) {

  /** What a measurement needs. */
  enum Where {
    /** This machine's kernel. */
    HOST,
    /** IPVS, so that it runs in the lab kernel. */
    LAB_KERNEL,
    /** A kube-proxy binary, so that it runs only if one is given. */
    WITH_KUBE_PROXY
  }

  /**
   * How it is run.
   *
   * @param seconds that it takes on two processors; it may take three times as long and a minute
   * @param arguments a subcommand with its options, but for --json
   */
  record Run(int seconds, List<String> arguments) {

    private static final int PATIENCE = 3;
    private static final int GRACE_SECONDS = 60;

    Run {
      arguments = List.copyOf(arguments);
    }

    static Run of(int seconds, String line) {
      return new Run(seconds, List.of(line.split(" ", -1)));
    }

    /** When it is ended. */
    int limitSeconds() {
      return seconds * PATIENCE + GRACE_SECONDS;
    }

    String line() {
      return String.join(" ", arguments);
    }
  }
}
