package io.fairlead.bench.suite;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Runs measurements one after the other, and says where it is. */
final class Suite {

  private final List<Step> steps;
  private final PrintStream out;

  Suite(List<Step> steps, PrintStream out) {
    this.steps = List.copyOf(steps);
    this.out = out;
  }

  /** Returns an outcome for each of them, also if one failed or this thread was interrupted. */
  List<Outcome> run() throws IOException {
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      if (Thread.currentThread().isInterrupted()) {
        outcomes.add(Outcome.interrupted(step, 0, "the user ended the run before"));
        continue;
      }
      String position = "[" + (i + 1) + "/" + steps.size() + "] ";
      int left = steps.subList(i, steps.size()).stream().mapToInt(Suite::seconds).sum();
      say(position + step.run().line() + ", " + duration(left) + " left");
      Outcome outcome = new Child(step, line -> say(position + line)).run();
      outcomes.add(outcome);
      switch (outcome.end()) {
        case DONE ->
            say(String.format(Locale.ROOT, "%sdone in %.0f s", position, outcome.seconds()));
        case FAILED, INTERRUPTED -> say(position + step.name() + " failed: " + outcome.error());
      }
    }
    return outcomes;
  }

  private static int seconds(Step step) {
    return step.run().seconds();
  }

  /** Roughly. */
  static String duration(int seconds) {
    return seconds < 90
        ? "about " + Math.ceilDiv(seconds, 10) * 10 + " s"
        : "about " + Math.round(seconds / 60.0) + " min";
  }

  private void say(String line) {
    out.println(line);
    out.flush();
  }
}
