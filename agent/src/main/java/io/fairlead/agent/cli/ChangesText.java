package io.fairlead.agent.cli;

import io.fairlead.agent.history.ChangesReport;
import io.fairlead.agent.history.RoundReport;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/** Rounds for people: what changed, then what was done for it. Pure. */
final class ChangesText {

  /** So many events and operations are written out, unless all are asked for. */
  private static final int SHORT = 6;

  private final boolean wide;
  private final boolean coloured;
  private final ZoneId zone;

  ChangesText(boolean wide, boolean coloured, ZoneId zone) {
    this.wide = wide;
    this.coloured = coloured;
    this.zone = zone;
  }

  String of(ChangesReport report) {
    if (report.changes().isEmpty()) {
      return "Nothing was changed"
          + (report.forgotten() == 0
              ? ".\n"
              : " of what is remembered; " + report.forgotten() + " rounds are forgotten.\n");
    }
    StringBuilder text = new StringBuilder();
    report.changes().forEach(round -> text.append(one(round)));
    return text.toString();
  }

  /** One round, some lines. */
  String one(RoundReport round) {
    StringBuilder text = new StringBuilder(ClockText.time(round.time(), zone));
    text.append("  ").append(what(round));
    if (round.latencyMicroseconds() >= 0) {
      text.append("  (committed after ")
          .append(ClockText.duration(round.latencyMicroseconds()))
          .append(')');
    }
    text.append('\n');
    if (round.steps().isEmpty()) {
      text.append("    nothing had to be done in the kernel\n");
    }
    round.steps().forEach(step -> step(step, text));
    return text.toString();
  }

  private String what(RoundReport round) {
    List<String> parts = new ArrayList<>();
    List<RoundReport.Event> events = round.events();
    int shown = wide ? events.size() : Math.min(SHORT, events.size());
    events.subList(0, shown).forEach(event -> parts.add(event(event)));
    int more = events.size() - shown + round.moreEvents();
    if (more > 0) {
      parts.add("and " + more + " more");
    }
    parts.addAll(round.causes());
    return parts.isEmpty() ? "without an event" : String.join(", ", parts);
  }

  private static String event(RoundReport.Event event) {
    return event.kind()
        + " "
        + event.name()
        + " "
        + event.change()
        + (event.version().isEmpty() ? "" : " [" + event.version() + "]");
  }

  private void step(RoundReport.Step step, StringBuilder text) {
    boolean done = step.result().equals("done");
    text.append("    ")
        .append(step.subsystem())
        .append(", ")
        .append(ClockText.duration(step.microseconds()))
        .append(": ")
        .append(done || !coloured ? step.result() : "\u001b[31m" + step.result() + "\u001b[0m")
        .append('\n');
    List<String> operations = step.operations();
    int shown = wide ? operations.size() : Math.min(SHORT, operations.size());
    for (String operation : operations.subList(0, shown)) {
      text.append("      ").append(operation.replace("\n", "\n      ")).append('\n');
    }
    int hidden = operations.size() - shown;
    if (hidden > 0) {
      text.append("      and ").append(hidden + step.moreOperations()).append(" more: -o wide\n");
    } else if (step.moreOperations() > 0) {
      text.append("      and ").append(step.moreOperations()).append(" that are not kept\n");
    }
  }
}
