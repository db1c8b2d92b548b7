package io.fairlead.agent.metrics;

import io.fairlead.agent.metrics.ServiceTraffic.Counters;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Per-Service counters, all from one reading of the kernel at each scrape. Frontends that nobody
 * has used are left out, so that a scrape is only as long as there is something to tell.
 */
public final class TrafficMetrics {

  private static final Logger LOG = LoggerFactory.getLogger(TrafficMetrics.class);

  private record Family(String name, String help, ToLongFunction<Counters> value) {}

  private static final List<Family> FAMILIES =
      List.of(
          new Family(
              "fairlead_service_connections",
              "New connections, and first datagrams, to Services.",
              Counters::connections),
          new Family(
              "fairlead_service_packets",
              "Packets of these connections, in both directions.",
              Counters::packets),
          new Family("fairlead_service_bytes", "Bytes of those packets.", Counters::bytes),
          new Family(
              "fairlead_service_refused",
              "Connections that were refused since no endpoint serves.",
              Counters::refused),
          new Family(
              "fairlead_service_dropped",
              "Packets dropped by source ranges, or since no endpoint is on this node.",
              Counters::dropped));

  private TrafficMetrics() {}

  /** Has {@code traffic} read at each scrape of {@code registry}. */
  public static void register(PrometheusRegistry registry, ServiceTraffic traffic) {
    registry.register((MultiCollector) () -> collect(traffic));
  }

  private static synchronized MetricSnapshots collect(ServiceTraffic traffic) {
    List<Counters> used = new ArrayList<>();
    try {
      traffic.read(counters -> {
        if (!counters.isZero()) {
          used.add(counters);
        }
      });
    } catch (IOException | RuntimeException e) {
      LOG.warn("The Services' counters cannot be read: {}", e.getMessage());
      LOG.debug("The Services' counters cannot be read", e);
      return new MetricSnapshots();
    }
    if (used.isEmpty()) {
      return new MetricSnapshots();
    }
    MetricSnapshots.Builder snapshots = MetricSnapshots.builder();
    FAMILIES.forEach(family -> snapshots.metricSnapshot(snapshot(family, used)));
    return snapshots.build();
  }

  private static CounterSnapshot snapshot(Family family, List<Counters> used) {
    CounterSnapshot.Builder builder =
        CounterSnapshot.builder().name(family.name()).help(family.help());
    for (Counters counters : used) {
      builder.dataPoint(
          CounterDataPointSnapshot.builder()
              .labels(
                  Labels.of(
                      "namespace",
                      counters.service().namespace(),
                      "service",
                      counters.service().name(),
                      "frontend",
                      counters.frontend()))
              .value((double) family.value().applyAsLong(counters))
              .build());
    }
    return builder.build();
  }
}
