package io.fairlead.agent.cli;

import io.fairlead.agent.loop.LoopStatus;
import io.fairlead.agent.loop.QueueStatus;
import io.fairlead.agent.loop.SubsystemStatus;
import io.fairlead.agent.preflight.KernelFeature;
import io.fairlead.agent.preflight.KernelFeature.State;
import io.fairlead.agent.server.EndpointStatus;
import io.fairlead.agent.server.StatusReport;
import io.fairlead.agent.source.SkippedObject;
import io.fairlead.agent.source.SourceStatus;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A status report for people: one fact per line, in two columns. Pure. */
final class StatusText {

  private static final int BUSIEST = 5;

  private final StringBuilder text = new StringBuilder();
  private final boolean coloured;

  private StatusText(boolean coloured) {
    this.coloured = coloured;
  }

  /**
   * @param wide with what is fine, too
   */
  static String of(StatusView view, boolean wide, boolean coloured) {
    StatusText text = new StatusText(coloured);
    text.report(view.report(), wide);
    text.kernel(view.kernel(), wide);
    return text.text.toString();
  }

  private void report(StatusReport report, boolean wide) {
    line("node", report.node());
    line(
        "agent",
        "version "
            + report.version()
            + ", up "
            + duration(report.upMilliseconds())
            + ", "
            + (report.residentBytes() >> 20)
            + " MiB resident");
    if (report.problems().isEmpty()) {
      line("health", colour("32", "healthy"));
    }
    for (String problem : report.problems()) {
      line("health", colour("31", "degraded: ") + problem);
    }
    line(
        "source",
        report.source().origin()
            + (report.source().synced() ? ", in sync" : ", not in sync")
            + ", heard "
            + duration(report.source().millisecondsSinceActivity())
            + " ago");
    watches(report.source().watches(), wide);
    loop(report.loop(), report.queue());
    line("overlay", report.overlay());
    line("proxy-mode", report.proxyMode());
    report.loop().subsystems().forEach(this::subsystem);
    endpoints(report.endpoints());
    for (SkippedObject object : report.skipped()) {
      line("skipped", object.kind() + " " + object.name() + ": " + object.reason());
    }
  }

  /** Those that fail; with -o wide all. */
  private void watches(List<SourceStatus.Watch> watches, boolean wide) {
    for (SourceStatus.Watch watch : watches) {
      String problem = watch.problem();
      if (wide || problem != null) {
        line(
            "",
            watch.kind()
                + " heard "
                + duration(watch.millisecondsSinceActivity())
                + " ago"
                + (problem == null ? "" : ", " + colour("31", "failing: ") + problem));
      }
    }
  }

  /** What is missing or could not be looked at; with -o wide all. */
  private void kernel(List<KernelFeature> features, boolean wide) {
    long found = features.stream().filter(one -> one.state() == State.FOUND).count();
    line("kernel", "has " + found + " of " + features.size() + " features that are used");
    String untried = "";
    for (KernelFeature feature : features) {
      switch (feature.state()) {
        case FOUND -> {
          if (wide) {
            line("", feature.name() + ": works");
          }
        }
        case MISSING ->
            line(
                "",
                colour("31", feature.name() + " is missing: ")
                    + feature.loss()
                    + " ("
                    + feature.reason()
                    + ")");
        case UNTRIED -> untried = feature.reason();
      }
    }
    if (!untried.isEmpty()) {
      line("", "the others were not tried: " + untried);
    }
  }

  private void loop(LoopStatus loop, QueueStatus queue) {
    line(
        "objects",
        loop.services()
            + " services, "
            + loop.endpointSlices()
            + " endpointslices, "
            + loop.nodes()
            + " nodes, "
            + loop.pods()
            + " pods, "
            + loop.namespaces()
            + " namespaces, "
            + loop.networkPolicies()
            + " networkpolicies");
    line(
        "changes",
        loop.rounds()
            + " rounds, "
            + (loop.millisecondsSinceSync() < 0
                ? "none yet"
                : "last " + duration(loop.millisecondsSinceSync()) + " ago")
            + ", "
            + loop.queueDepth()
            + " waiting"
            + (queue.lagMilliseconds() == 0
                ? ""
                : ", the oldest for " + duration(queue.lagMilliseconds())));
  }

  private void subsystem(SubsystemStatus subsystem) {
    StringBuilder facts = new StringBuilder();
    String problem = subsystem.problem();
    facts.append(problem == null ? "ok" : colour("31", "failing: ") + problem);
    if (subsystem.failedKeys() > 0) {
      facts.append(", ").append(subsystem.failedKeys()).append(" keys to retry");
    }
    if (subsystem.pendingKeys() > 0) {
      facts
          .append(", ")
          .append(subsystem.pendingKeys())
          .append(" keys pending for ")
          .append(duration(subsystem.lagMilliseconds()));
    }
    if (subsystem.millisecondsSinceSync() >= 0) {
      facts.append(", in sync ").append(duration(subsystem.millisecondsSinceSync())).append(" ago");
    }
    for (Map.Entry<String, String> fact : subsystem.facts().entrySet()) {
      facts.append(", ").append(fact.getKey()).append(' ').append(fact.getValue());
    }
    line(subsystem.name(), facts.toString());
  }

  /** Totals and the busiest few; JSON has them all. */
  private void endpoints(List<EndpointStatus> endpoints) {
    if (endpoints.isEmpty()) {
      return;
    }
    line(
        "endpoints",
        endpoints.size()
            + " in use, "
            + endpoints.stream().mapToLong(EndpointStatus::connections).sum()
            + " connections ("
            + endpoints.stream().mapToLong(EndpointStatus::active).sum()
            + " open), "
            + volume(endpoints.stream().mapToLong(EndpointStatus::bytes).sum()));
    for (EndpointStatus endpoint : endpoints.subList(0, Math.min(BUSIEST, endpoints.size()))) {
      line(
          "",
          endpoint.service()
              + " at "
              + endpoint.endpoint()
              + ": "
              + endpoint.connections()
              + " connections ("
              + endpoint.active()
              + " open), "
              + volume(endpoint.bytes())
              + "; now "
              + endpoint.connectionsPerSecond()
              + " connections/s, "
              + volume(endpoint.bytesPerSecond())
              + "/s");
    }
    if (endpoints.size() > BUSIEST) {
      line("", (endpoints.size() - BUSIEST) + " more are in -o json");
    }
  }

  private static String volume(long bytes) {
    if (bytes < 10 << 10) {
      return bytes + " B";
    }
    if (bytes < 10 << 20) {
      return (bytes >> 10) + " KiB";
    }
    return bytes < 10L << 30 ? (bytes >> 20) + " MiB" : (bytes >> 30) + " GiB";
  }

  private void line(String name, String value) {
    text.append(String.format(Locale.ROOT, "%-12s", name)).append(value).append('\n');
  }

  private String colour(String code, String word) {
    return coloured ? "\u001b[" + code + "m" + word + "\u001b[0m" : word;
  }

  private static String duration(long milliseconds) {
    if (milliseconds < 1000) {
      return milliseconds + " ms";
    }
    long seconds = milliseconds / 1000;
    if (seconds < 120) {
      return seconds + " s";
    }
    return seconds < 7200 ? seconds / 60 + " min" : seconds / 3600 + " h";
  }
}
