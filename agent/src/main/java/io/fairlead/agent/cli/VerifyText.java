package io.fairlead.agent.cli;

import io.fairlead.agent.server.VerifyReport;
import io.fairlead.agent.server.VerifyReport.Part;
import io.fairlead.dataplane.evidence.Difference;
import io.fairlead.dataplane.evidence.ForeignHook;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What was verified, for people. Pure. */
final class VerifyText {

  /** So many differences are shown, unless all are asked for. */
  private static final int SHOWN = 50;

  private final StringBuilder text = new StringBuilder();
  private final boolean wide;

  private VerifyText(boolean wide) {
    this.wide = wide;
  }

  /**
   * @param wide with all differences
   */
  static String of(VerifyReport report, boolean wide) {
    VerifyText text = new VerifyText(wide);
    text.add(report);
    return text.text.toString();
  }

  /** What was found before and after a repair; the second only if there was something to mend. */
  static String of(VerifyReport.Repaired repaired, boolean wide) {
    VerifyText text = new VerifyText(wide);
    if (repaired.before().hasDrift() || repaired.before().hasProblems()) {
      text.add(repaired.before());
      text.text.append("\nAfter the repair:\n\n");
    }
    text.add(repaired.after());
    return text.text.toString();
  }

  private void add(VerifyReport report) {
    text.append(sentence(report)).append("\n\n");
    Table table = new Table("SUBSYSTEM", "RESULT", "RIGHT", "OBJECTS");
    for (Part part : report.subsystems()) {
      int right = part.right().values().stream().mapToInt(count -> count).sum();
      table.row(
          part.subsystem(),
          result(part),
          Integer.toString(right),
          part.right().entrySet().stream()
              .map(each -> each.getValue() + " " + each.getKey())
              .collect(Collectors.joining(", ")));
    }
    text.append(table);
    for (Part part : report.subsystems()) {
      if (!part.problem().isEmpty()) {
        text.append("\n")
            .append(part.subsystem())
            .append(" could not be compared: ")
            .append(part.problem())
            .append('\n');
      }
      addDifferences(part);
    }
    addHooks(report.foreignHooks());
  }

  private static String sentence(VerifyReport report) {
    if (report.hasDrift()) {
      int count = report.subsystems().stream().mapToInt(part -> part.differences().size()).sum();
      return "The kernel is not as the agent wants it: "
          + (count == 1 ? "1 difference." : count + " differences.");
    }
    return report.hasProblems()
        ? "Not everything could be compared; the rest is as the agent wants it."
        : "The kernel holds what the agent wants.";
  }

  private static String result(Part part) {
    if (!part.problem().isEmpty()) {
      return "unknown";
    }
    int count = part.differences().size();
    return count == 0 ? "right" : count == 1 ? "1 differs" : count + " differ";
  }

  private void addDifferences(Part part) {
    List<Difference> all = part.differences();
    if (all.isEmpty()) {
      return;
    }
    text.append("\n").append(part.subsystem()).append(":\n");
    for (Difference difference : wide ? all : all.subList(0, Math.min(SHOWN, all.size()))) {
      String kind = difference.kind().name().toLowerCase(Locale.ROOT);
      text.append("  ").append(kind).append(" in ").append(difference.place()).append('\n');
      line("wanted", difference.wanted());
      line("found", difference.found());
    }
    if (!wide && all.size() > SHOWN) {
      text.append("  and ")
          .append(all.size() - SHOWN)
          .append(" more; -o wide or -o json shows all\n");
    }
  }

  private void line(String word, String object) {
    if (!object.isEmpty()) {
      text.append(String.format(Locale.ROOT, "    %-8s%s%n", word + ":", object));
    }
  }

  private void addHooks(List<ForeignHook> hooks) {
    if (hooks.isEmpty()) {
      return;
    }
    text.append("\nChains of others that see the same packets (no drift):\n");
    Table table = new Table("HOOK", "PRIORITY", "TYPE", "TABLE", "CHAIN", "POLICY", "PROGRAM");
    for (ForeignHook hook : hooks) {
      table.row(
          hook.hook(),
          Integer.toString(hook.priority()),
          hook.type(),
          hook.table(),
          hook.chain(),
          hook.policy(),
          hook.program());
    }
    text.append(table);
    for (ForeignHook hook : hooks) {
      text.append(hook.table())
          .append(' ')
          .append(hook.chain())
          .append(": ")
          .append(hook.effect())
          .append(".\n");
    }
  }
}
