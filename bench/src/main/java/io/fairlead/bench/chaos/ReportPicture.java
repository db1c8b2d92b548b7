package io.fairlead.bench.chaos;

import io.fairlead.bench.chaos.fault.FaultKind;
import io.fairlead.bench.report.plot.Style;
import io.fairlead.bench.report.plot.Style.Marker;
import io.fairlead.bench.report.plot.Stylesheet;
import io.fairlead.bench.report.plot.TimelinePlot;
import io.fairlead.bench.report.plot.TimelinePlot.Lane;
import io.fairlead.bench.report.plot.TimelinePlot.Span;
import java.util.ArrayList;
import java.util.List;

/** A report as a picture: which fault was when, and what became of traffic in that moment. */
final class ReportPicture {

  private static final Style FAULT = new Style("fault", "#4f6db3", "#8ea8e8", Marker.SQUARE);
  private static final Style HEALING = new Style("healing", "#b9c6e4", "#3d4f7d", Marker.SQUARE);
  private static final Style EXCUSED = new Style("excused", "#d98e04", "#f0b03f", Marker.SQUARE);
  private static final Style BROKEN = new Style("broken", "#c62828", "#ff6b6b", Marker.SQUARE);

  private ReportPicture() {}

  /** An SVG file. */
  static String of(ChaosReport report) {
    List<Lane> lanes = new ArrayList<>();
    for (FaultKind kind : report.options().faults()) {
      List<Span> spans = new ArrayList<>();
      for (FaultRun run : report.of(kind)) {
        double start = report.seconds(run.startNanos());
        double undone = report.seconds(run.undoneNanos());
        spans.add(new Span(undone, report.seconds(run.convergedNanos()), HEALING));
        spans.add(new Span(start, undone, FAULT));
      }
      lanes.add(new Lane(kind.spelling(), spans, true));
    }
    for (ChaosReport.Traffic traffic : report.traffic()) {
      List<Span> spans = new ArrayList<>();
      for (Verdict verdict : report.verdicts()) {
        if (verdict.incident().probe().equals(traffic.probe())) {
          spans.add(
              new Span(
                  report.seconds(verdict.incident().startNanos()),
                  report.seconds(verdict.incident().endNanos()),
                  verdict.isBroken() ? BROKEN : EXCUSED));
        }
      }
      lanes.add(new Lane(traffic.probe(), spans, false));
    }
    TimelinePlot plot =
        new TimelinePlot(
            "Chaos: seed " + report.options().seed(),
            "Faults: dark while the cause lasts, light until all is well again. Traffic below:"
                + " orange is what follows from the fault itself, red a broken promise.",
            report.seconds(report.endNanos()),
            lanes);
    String styles = Stylesheet.of(List.of(FAULT, HEALING, EXCUSED, BROKEN));
    return plot.svg("timeline").replaceFirst("(<svg[^>]*>)", "$1\n<style>" + styles + "</style>");
  }
}
