package io.fairlead.agent.cli;

import io.fairlead.agent.probe.ProbeReport;
import io.fairlead.agent.probe.ProbeText;
import io.fairlead.agent.why.Stage;
import io.fairlead.agent.why.Step;
import io.fairlead.agent.why.Way;
import io.fairlead.agent.why.WhyReport;
import io.fairlead.dataplane.evidence.KernelObject;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A packet's way for people: the verdict, then a line for each step. Pure. */
final class WhyText {

  /** Kernel objects of a step, and ways, that are told unless all are asked for. */
  private static final int FEW = 8;

  private static final String INDENT = " ".repeat(18);

  private final boolean all;
  private final boolean coloured;
  private final StringBuilder text = new StringBuilder();

  private WhyText(boolean all, boolean coloured) {
    this.all = all;
    this.coloured = coloured;
  }

  /**
   * @param all with every way and every kernel object
   */
  static String of(WhyReport report, boolean all, boolean coloured) {
    WhyText text = new WhyText(all, coloured);
    text.text.append(text.mark(outcome(report))).append(report.sentence()).append(".\n\n");
    text.add(report);
    return text.text.toString();
  }

  /**
   * With what became of real packets.
   *
   * @param all with every way and every kernel object
   */
  static String of(WhyReport report, WhyProbe.Findings probe, boolean all, boolean coloured) {
    WhyText text = new WhyText(all, coloured);
    text.text.append(text.mark(outcome(report))).append(report.sentence()).append(".\n");
    Step.Outcome found = probe.good() ? Step.Outcome.PASSES : Step.Outcome.STOPS;
    text.text.append(text.mark(found)).append(capital(probe.sentence())).append(".\n\n");
    text.add(report);
    for (ProbeReport packet : probe.packets()) {
      text.text.append('\n');
      ProbeText.of(packet).forEach(line -> text.text.append(line).append('\n'));
    }
    return text.text.toString();
  }

  private static String capital(String sentence) {
    return sentence.substring(0, 1).toUpperCase(Locale.ROOT) + sentence.substring(1);
  }

  private void add(WhyReport report) {
    report.steps().forEach(step -> add(step, ""));
    boolean several = report.ways().size() > 1;
    Set<List<Stage>> shapes = new HashSet<>();
    int told = 0;
    for (Way way : report.ways()) {
      if (!all && told == FEW) {
        text.append("\n  ").append(report.ways().size() - told).append(" more: -o wide\n");
        break;
      }
      if (several) {
        text.append("\n  to ").append(way.to()).append('\n');
      }
      boolean whole =
          shapes.add(way.steps().stream().map(Step::stage).toList())
              || all
              || way.steps().stream().anyMatch(WhyText::isTrouble);
      way.steps().stream()
          .filter(step -> whole || isTrouble(step))
          .forEach(step -> add(step, several ? "  " : ""));
      if (!whole) {
        text.append("    likewise\n");
      }
      told++;
    }
    addAll("connections now", report.connections());
    addAll("note", report.notes());
  }

  private void addAll(String title, List<String> lines) {
    if (!lines.isEmpty()) {
      text.append('\n').append(title).append('\n');
      lines.forEach(line -> text.append("  ").append(line).append('\n'));
    }
  }

  private static boolean isTrouble(Step step) {
    return step.outcome() != Step.Outcome.PASSES;
  }

  private static Step.Outcome outcome(WhyReport report) {
    return switch (report.verdict()) {
      case REACHES -> Step.Outcome.PASSES;
      case PARTLY, DOUBTFUL -> Step.Outcome.DOUBTFUL;
      case STOPS -> Step.Outcome.STOPS;
    };
  }

  private void add(Step step, String margin) {
    text.append(margin)
        .append(mark(step.outcome()))
        .append(String.format(Locale.ROOT, "%-16s", step.stage().title()))
        .append(step.sentence())
        .append('\n');
    step.details()
        .forEach(detail -> text.append(margin).append(INDENT).append(detail).append('\n'));
    int told = 0;
    for (KernelObject object : step.kernel()) {
      if (!all && told == FEW) {
        text.append(margin)
            .append(INDENT)
            .append("kernel: ")
            .append(step.kernel().size() - told)
            .append(" more: -o wide\n");
        break;
      }
      text.append(margin).append(INDENT).append(text(object)).append('\n');
      told++;
    }
  }

  private String text(KernelObject object) {
    String line = object.place() + ": " + object.text();
    String counted =
        object.isCounted()
            ? " (" + object.packets() + " packets, " + object.bytes() + " bytes)"
            : "";
    return switch (object.state()) {
      case PRESENT -> colour("2", "kernel: " + line + counted);
      case MISSING -> colour("31", "MISSING in the kernel: " + line);
      case DIFFERENT -> colour("31", "DIFFERENT in the kernel: " + line + counted);
    };
  }

  private String mark(Step.Outcome outcome) {
    return switch (outcome) {
      case PASSES -> colour("32", "+ ");
      case DOUBTFUL -> colour("33", "? ");
      case STOPS -> colour("31", "x ");
    };
  }

  private String colour(String code, String words) {
    return coloured ? "\u001b[" + code + "m" + words + "\u001b[0m" : words;
  }
}
