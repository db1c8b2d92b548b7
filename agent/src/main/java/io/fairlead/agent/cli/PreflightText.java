package io.fairlead.agent.cli;

import io.fairlead.agent.preflight.Finding;
import io.fairlead.agent.preflight.Finding.Level;
import java.util.List;

/** Findings for people: a line each, and under those that are not fine the mend. Pure. */
final class PreflightText {

  private PreflightText() {}

  static String of(List<Finding> findings, boolean coloured) {
    int areas = findings.stream().mapToInt(one -> one.area().length()).max().orElse(0);
    int subjects = findings.stream().mapToInt(one -> one.subject().length()).max().orElse(0);
    StringBuilder text = new StringBuilder();
    for (Finding finding : findings) {
      text.append(level(finding.level(), coloured))
          .append("  ")
          .append(padded(finding.area(), areas))
          .append("  ")
          .append(padded(finding.subject(), subjects))
          .append("  ")
          .append(finding.found())
          .append('\n');
      if (!finding.mend().isEmpty()) {
        text.append(" ".repeat(10 + areas + subjects)).append(finding.mend()).append(".\n");
      }
    }
    long failing = count(findings, Level.FAIL);
    long warnings = count(findings, Level.WARN);
    return text.append('\n')
        .append(
            failing > 0
                ? failing + " fail, " + warnings + " warnings: the agent would not do all it should"
                : warnings > 0 ? "Nothing fails; " + warnings + " warnings" : "All is fine")
        .append(".\n")
        .toString();
  }

  private static long count(List<Finding> findings, Level level) {
    return findings.stream().filter(finding -> finding.level() == level).count();
  }

  private static String padded(String word, int width) {
    return word + " ".repeat(width - word.length());
  }

  private static String level(Level level, boolean coloured) {
    String word = padded(level.name(), 4);
    String code =
        switch (level) {
          case OK -> "32";
          case WARN -> "33";
          case FAIL -> "31";
        };
    return coloured ? "\u001b[" + code + "m" + word + "\u001b[0m" : word;
  }
}
