package io.fairlead.agent.cli;

import io.fairlead.agent.server.PodsReport;
import io.fairlead.agent.server.PodsReport.AttachedPod;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Attached pods for people: a line each. Pure. */
final class PodsText {

  private static final int SHORT_ID = 13;

  private PodsText() {}

  /** The pods of one namespace, or all if it is null. */
  static PodsReport only(PodsReport report, @Nullable String namespace) {
    return namespace == null
        ? report
        : new PodsReport(
            report.node(),
            report.pods().stream().filter(pod -> pod.namespace().equals(namespace)).toList());
  }

  /**
   * @param wide with whole container IDs, and with what was asked for
   */
  static String of(PodsReport report, boolean wide) {
    if (report.pods().isEmpty()) {
      return "No pods are attached.\n";
    }
    return wide ? wide(report) : narrow(report);
  }

  private static String narrow(PodsReport report) {
    Table table =
        new Table(
            "NAMESPACE",
            "NAME",
            "ADDRESSES",
            "INTERFACE",
            "HOST-LINK",
            "STATE",
            "HOST-PORTS",
            "BANDWIDTH",
            "CONTAINER");
    for (AttachedPod pod : report.pods()) {
      table.row(
          pod.namespace(),
          pod.name(),
          String.join(",", pod.addresses()),
          pod.interfaceName(),
          pod.hostLink(),
          pod.state(),
          String.join(",", pod.hostPorts()),
          bandwidth(pod),
          shortId(pod.container()));
    }
    return table.toString();
  }

  private static String wide(PodsReport report) {
    Table table =
        new Table(
            "NAMESPACE",
            "NAME",
            "ADDRESSES",
            "INTERFACE",
            "HOST-LINK",
            "STATE",
            "HOST-PORTS",
            "BANDWIDTH",
            "CONTAINER",
            "NETWORK",
            "UID",
            "OPTIONS");
    for (AttachedPod pod : report.pods()) {
      table.row(
          pod.namespace(),
          pod.name(),
          String.join(",", pod.addresses()),
          pod.interfaceName(),
          pod.hostLink(),
          pod.state(),
          String.join(",", pod.hostPorts()),
          bandwidth(pod),
          pod.container(),
          pod.network(),
          pod.uid(),
          pod.options());
    }
    return table.toString();
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
