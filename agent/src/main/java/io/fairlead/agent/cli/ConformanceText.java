package io.fairlead.agent.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.agent.conformance.Finding;
import io.fairlead.agent.conformance.Finding.Verdict;
import io.fairlead.agent.conformance.Report;
import java.util.Locale;

/** Findings of `fairlead cni-conformance`, for people and for machines. Pure. */
final class ConformanceText {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SHOWN = 150;
  private static final String INDENT = "         ";

  private ConformanceText() {}

  /** One finding: verdict, id and section, what is asked, and what was seen. */
  static String of(Finding finding, boolean coloured) {
    String where =
        finding.section() + (finding.edgeCase().isEmpty() ? "" : "; " + finding.edgeCase());
    return String.format(Locale.ROOT, "%-9s", finding.verdict())
            .replace(finding.verdict().name(), colour(finding.verdict(), coloured))
        + String.format(Locale.ROOT, "%-34s ", finding.id())
        + where
        + "\n"
        + INDENT
        + finding.text()
        + "\n"
        + INDENT
        + (finding.verdict() == Verdict.SKIPPED ? "because " : "seen: ")
        + (finding.verdict() == Verdict.PASS ? shortened(finding.seen()) : finding.seen())
        + "\n";
  }

  private static String shortened(String text) {
    return text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
  }

  private static String colour(Verdict verdict, boolean coloured) {
    if (!coloured) {
      return verdict.name();
    }
    String code =
        switch (verdict) {
          case PASS -> "32";
          case FAIL -> "31";
          case SKIPPED -> "33";
        };
    return "\u001b[" + code + "m" + verdict + "\u001b[0m";
  }

  /** What the plugin is and how it did, behind its findings. */
  static String summary(Report report) {
    return "\nplugin    "
        + report.plugin()
        + "\nnetwork   "
        + report.network()
        + "\nspeaks    "
        + (report.supportedVersions().isEmpty()
            ? "no version that it would tell"
            : String.join(", ", report.supportedVersions()))
        + "\nresult    "
        + report.count(Verdict.PASS)
        + " passed, "
        + report.count(Verdict.FAIL)
        + " failed, "
        + report.count(Verdict.SKIPPED)
        + " skipped\n";
  }

  /**
   * For machines.
   *
   * @param format JSON or YAML
   */
  static String of(Report report, OutputFormat format) {
    ObjectNode json = JSON.createObjectNode();
    json.put("plugin", report.plugin()).put("network", report.network());
    report.supportedVersions().forEach(json.putArray("supportedVersions")::add);
    json.put("passed", report.count(Verdict.PASS));
    json.put("failed", report.count(Verdict.FAIL));
    json.put("skipped", report.count(Verdict.SKIPPED));
    for (Finding finding : report.findings()) {
      json.withArray("findings")
          .addObject()
          .put("id", finding.id())
          .put("section", finding.section())
          .put("edgeCase", finding.edgeCase())
          .put("obligation", finding.text())
          .put("verdict", finding.verdict().name())
          .put("seen", finding.seen())
          .put("milliseconds", finding.duration().toMillis());
    }
    return format.render(json);
  }
}
