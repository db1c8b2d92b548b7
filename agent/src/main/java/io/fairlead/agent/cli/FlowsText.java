package io.fairlead.agent.cli;

import io.fairlead.agent.server.FlowReport;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Flows for people: a line each. Pure. */
final class FlowsText {

  private static final List<String> HEAD =
      List.of("TIME", "VERDICT", "SOURCE", "DESTINATION", "PROTO", "POLICY", "REASON");
  private static final List<String> WIDE_HEAD = List.of("DIRECTION", "SERVICE", "MASQUERADED");

  private final boolean wide;
  private final boolean coloured;
  private final ZoneId zone;

  FlowsText(boolean wide, boolean coloured, ZoneId zone) {
    this.wide = wide;
    this.coloured = coloured;
    this.zone = zone;
  }

  /** A table of flows, in their order. */
  String of(List<FlowReport> flows) {
    if (flows.isEmpty()) {
      return "No flows were denied.\n";
    }
    List<String> head = new ArrayList<>(HEAD);
    if (wide) {
      head.addAll(WIDE_HEAD);
    }
    Table table = new Table(head.toArray(String[]::new));
    flows.forEach(flow -> table.row(cells(flow).toArray(String[]::new)));
    return table.toString();
  }

  private List<String> cells(FlowReport flow) {
    List<String> cells = new ArrayList<>();
    Collections.addAll(
        cells,
        ClockText.time(flow.time(), zone),
        flow.verdict(),
        flow.source().toString(),
        destination(flow),
        flow.protocol(),
        String.join(",", flow.policies()),
        flow.reason());
    if (wide) {
      Collections.addAll(cells, flow.direction(), flow.service(), flow.masqueraded());
    }
    return cells;
  }

  /** A line of its own, since nobody knows how wide those to come are. */
  String one(FlowReport flow) {
    String time = ClockText.time(flow.time(), zone) + "  ";
    if (flow.verdict().equals(FlowReport.NOTE)) {
      return time + "… " + flow.reason() + "\n";
    }
    boolean denied = flow.verdict().equals(FlowReport.DENIED);
    return time
        + (coloured ? "\u001b[" + (denied ? "31" : "32") + "m" : "")
        + String.format(Locale.ROOT, "%-7s", flow.verdict())
        + (coloured ? "\u001b[0m" : "")
        + "  "
        + flow.protocol()
        + " "
        + flow.source()
        + " -> "
        + destination(flow)
        + (wide && !flow.masqueraded().isEmpty() ? " as " + flow.masqueraded() : "")
        + ": "
        + (flow.direction().isEmpty() ? "" : flow.direction() + ", ")
        + flow.reason()
        + "\n";
  }

  /** What was dialled, and where that led. */
  private static String destination(FlowReport flow) {
    if (flow.dialled().isEmpty()) {
      return flow.destination().toString();
    }
    String service = flow.service().isEmpty() ? "" : " (Service " + flow.service() + ")";
    return flow.dialled() + service + " -> " + flow.destination();
  }
}
