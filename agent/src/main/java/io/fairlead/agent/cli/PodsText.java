package io.fairlead.agent.cli;

import io.fairlead.agent.server.PodsReport;
import io.fairlead.agent.server.PodsReport.AttachedPod;
import io.fairlead.agent.server.Selection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Attached pods for people: a line each. Pure. */
final class PodsText {

  private static final int SHORT_ID = 13;

  private static final List<String> HEAD =
      List.of(
          "NAMESPACE",
          "NAME",
          "ADDRESSES",
          "INTERFACE",
          "HOST-LINK",
          "STATE",
          "HOST-PORTS",
          "BANDWIDTH",
          "CONTAINER");

  private static final List<String> WIDE_HEAD = List.of("NETWORK", "UID", "OPTIONS");

  private PodsText() {}

  /** The pods that are selected. */
  static PodsReport only(PodsReport report, Selection selection) {
    return new PodsReport(
        report.node(),
        report.pods().stream()
            .filter(pod -> selection.includes(pod.namespace(), pod.name()))
            .toList());
  }

  static List<String> headings(boolean wide) {
    List<String> headings = new ArrayList<>(HEAD);
    if (wide) {
      headings.addAll(WIDE_HEAD);
    }
    return headings;
  }

  /**
   * @param wide with whole container IDs, and with what was asked for
   */
  static String of(PodsReport report, boolean wide) {
    if (report.pods().isEmpty()) {
      return "No pods are attached.\n";
    }
    Table table = new Table(headings(wide).toArray(String[]::new));
    for (AttachedPod pod : report.pods()) {
      table.row(cells(pod, wide).toArray(String[]::new));
    }
    return table.toString();
  }

  static List<String> cells(AttachedPod pod, boolean wide) {
    List<String> cells = new ArrayList<>();
    Collections.addAll(
        cells,
        pod.namespace(),
        pod.name(),
        String.join(",", pod.addresses()),
        pod.interfaceName(),
        pod.hostLink(),
        pod.state(),
        String.join(",", pod.hostPorts()),
        bandwidth(pod),
        wide ? pod.container() : shortId(pod.container()));
    if (wide) {
      Collections.addAll(cells, pod.network(), pod.uid(), pod.options());
    }
    return cells;
  }

  static String shortId(String container) {
    return container.length() > SHORT_ID ? container.substring(0, SHORT_ID) : container;
  }

  private static String bandwidth(AttachedPod pod) {
    if (pod.ingressRate() == 0 && pod.egressRate() == 0) {
      return "";
    }
    return "in " + rate(pod.ingressRate()) + ", out " + rate(pod.egressRate());
  }

  private static String rate(long bitsPerSecond) {
    if (bitsPerSecond == 0) {
      return "unlimited";
    }
    if (bitsPerSecond < 1_000_000) {
      return String.format(Locale.ROOT, "%.1f kbit/s", bitsPerSecond / 1e3);
    }
    return bitsPerSecond < 1_000_000_000
        ? String.format(Locale.ROOT, "%.1f Mbit/s", bitsPerSecond / 1e6)
        : String.format(Locale.ROOT, "%.1f Gbit/s", bitsPerSecond / 1e9);
  }
}
