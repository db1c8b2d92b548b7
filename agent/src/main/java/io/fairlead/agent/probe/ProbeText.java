package io.fairlead.agent.probe;

import io.fairlead.agent.probe.ProbeReport.Connection;
import io.fairlead.agent.probe.ProbeReport.Step;
import java.util.ArrayList;
import java.util.List;

/** A report for people, as lines. */
public final class ProbeText {

  private static final String INDENT = "  ";

  private ProbeText() {}

  /** The lines, each without its line feed. */
  public static List<String> of(ProbeReport report) {
    List<String> lines = new ArrayList<>();
    lines.add("probe       " + report.packet());
    if (!report.namespace().isEmpty()) {
      lines.add("from        " + report.namespace());
    }
    lines.add("rules" + (report.steps().isEmpty() ? "       none saw it" : ""));
    addSteps(report.steps(), lines);
    Connection connection = report.connection();
    if (connection.original().isEmpty()) {
      lines.add("connection  none");
    } else {
      lines.add("connection  " + connection.original());
      lines.add("  replies   " + connection.reply());
    }
    if (!report.in().isEmpty()) {
      lines.add("came in     " + report.in());
    }
    if (!report.out().isEmpty()) {
      lines.add("went out    " + report.out());
    }
    lines.add("answer      " + report.answer().text());
    report.notes().forEach(note -> lines.add("note        " + note));
    return lines;
  }

  private static void addSteps(List<Step> steps, List<String> lines) {
    int width = steps.stream().mapToInt(step -> place(step).length()).max().orElse(0);
    for (Step step : steps) {
      String place = place(step);
      String rule = step.rule().isEmpty() ? "(end of the chain)" : step.rule();
      // Most rules say themselves what they decide.
      String verdict =
          step.rule().contains(step.verdict()) || step.verdict().equals("continue")
              ? ""
              : " => " + step.verdict();
      lines.add(INDENT + place + " ".repeat(width - place.length()) + INDENT + rule + verdict);
    }
  }

  private static String place(Step step) {
    return step.table() + " " + step.chain();
  }
}
