package io.fairlead.bench.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.bench.chaos.probe.Incident;
import java.io.IOException;

/** A report as JSON; times are seconds since the beginning. */
final class ReportJson {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private ReportJson() {}

  static String of(ChaosReport report) throws IOException {
    ObjectNode root = JSON.createObjectNode();
    ChaosOptions options = report.options();
    root.put("seed", options.seed())
        .put("nodes", options.nodes())
        .put("proxyMode", options.proxyMode())
        .put("seconds", report.seconds(report.endNanos()))
        .put("standstills", report.standstills());
    report.broken().forEach(root.putArray("broken")::add);
    report.facts().forEach(root.putArray("facts")::add);
    ArrayNode faults = root.putArray("faults");
    for (FaultRun run : report.runs()) {
      faults
          .addObject()
          .put("kind", run.step().kind().spelling())
          .put("node", run.step().node())
          .put("deed", run.deed())
          .put("skipped", run.skipped())
          .put("start", report.seconds(run.startNanos()))
          .put("undone", report.seconds(run.undoneNanos()))
          .put("wellAgain", report.seconds(run.convergedNanos()))
          .put("trouble", run.trouble());
    }
    ArrayNode traffic = root.putArray("traffic");
    for (ChaosReport.Traffic one : report.traffic()) {
      traffic
          .addObject()
          .put("probe", one.probe())
          .put("purpose", one.purpose())
          .put("successes", one.successes());
    }
    ArrayNode incidents = root.putArray("incidents");
    for (Verdict verdict : report.verdicts()) {
      Incident incident = verdict.incident();
      incidents
          .addObject()
          .put("probe", incident.probe())
          .put("effect", incident.effect().name())
          .put("start", report.seconds(incident.startNanos()))
          .put("end", report.seconds(incident.endNanos()))
          .put("words", incident.words())
          .put("excuse", verdict.excuse());
    }
    return JSON.writeValueAsString(root) + "\n";
  }
}
