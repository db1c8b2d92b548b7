package io.fairlead.agent.metrics;

import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How full the table of connections is: where it is full, the kernel drops what begins a new one,
 * whoever asks for it, and tells nobody but its own log.
 */
public final class ConntrackUsage {

  private static final Path FOLDER = Path.of("/proc/sys/net/netfilter");

  private ConntrackUsage() {}

  /** Registers the gauges, which are read from the kernel at each scrape. */
  public static void register(PrometheusRegistry registry) {
    register(registry, FOLDER);
  }

  static void register(PrometheusRegistry registry, Path folder) {
    gauge(
        registry,
        "fairlead_conntrack_entries",
        "Connections that the kernel tracks; at the limit, new ones are dropped.",
        folder.resolve("nf_conntrack_count"));
    gauge(
        registry,
        "fairlead_conntrack_limit",
        "Connections that the kernel tracks at most.",
        folder.resolve("nf_conntrack_max"));
  }

  private static void gauge(PrometheusRegistry registry, String name, String help, Path file) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call(number(file)))
        .register(registry);
  }

  /** Not a number where the kernel does not track connections. */
  private static double number(Path file) {
    try {
      return Long.parseLong(Files.readString(file).strip());
    } catch (IOException | NumberFormatException e) {
      return Double.NaN;
    }
  }
}
