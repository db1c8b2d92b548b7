package io.fairlead.agent.metrics;

import io.fairlead.agent.metrics.EndpointTraffic.Counters;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counters of each endpoint, all from one reading of the kernel at each scrape. Endpoints that
 * nobody has used are left out.
 */
public final class EndpointMetrics {

  private static final Logger LOG = LoggerFactory.getLogger(EndpointMetrics.class);

  private record Family(
      String name, String help, boolean isCounter, ToLongFunction<Counters> value) {

    MetricSnapshot snapshot(List<Counters> used) {
      return isCounter ? counter(used) : gauge(used);
    }

    private CounterSnapshot counter(List<Counters> used) {
      CounterSnapshot.Builder builder = CounterSnapshot.builder().name(name).help(help);
      for (Counters counters : used) {
        builder.dataPoint(
            CounterDataPointSnapshot.builder()
                .labels(labels(counters))
                .value((double) value.applyAsLong(counters))
                .build());
      }
      return builder.build();
    }

    private GaugeSnapshot gauge(List<Counters> used) {
      GaugeSnapshot.Builder builder = GaugeSnapshot.builder().name(name).help(help);
      for (Counters counters : used) {
        builder.dataPoint(
            GaugeDataPointSnapshot.builder()
                .labels(labels(counters))
                .value((double) value.applyAsLong(counters))
                .build());
      }
      return builder.build();
    }

    private static Labels labels(Counters counters) {
      return Labels.of(
          "namespace",
          counters.service().namespace(),
          "service",
          counters.service().name(),
          "endpoint",
          counters.endpoint());
    }
  }

  private static final List<Family> FAMILIES =
      List.of(
          new Family(
              "fairlead_service_endpoint_connections",
              "New connections, and first datagrams, to an endpoint.",
              true,
              Counters::connections),
          new Family(
              "fairlead_service_endpoint_packets",
              "Packets of these connections, in both directions.",
              true,
              Counters::packets),
          new Family(
              "fairlead_service_endpoint_bytes", "Bytes of those packets.", true, Counters::bytes),
          new Family(
              "fairlead_service_endpoint_active_connections",
              "Connections that are established.",
              false,
              Counters::active),
          new Family(
              "fairlead_service_endpoint_inactive_connections",
              "Other connections that are remembered: opening, closing, and UDP.",
              false,
              Counters::inactive));

  private EndpointMetrics() {}

  /** Has {@code traffic} read at each scrape of {@code registry}. */
  public static void register(PrometheusRegistry registry, EndpointTraffic traffic) {
    registry.register((MultiCollector) () -> collect(traffic));
  }

  private static synchronized MetricSnapshots collect(EndpointTraffic traffic) {
    List<Counters> used = new ArrayList<>();
    try {
      traffic.read(used::add);
    } catch (IOException | RuntimeException e) {
      LOG.warn("The endpoints' counters cannot be read: {}", e.getMessage());
      LOG.debug("The endpoints' counters cannot be read", e);
      return new MetricSnapshots();
    }
    if (used.isEmpty()) {
      return new MetricSnapshots();
    }
    MetricSnapshots.Builder snapshots = MetricSnapshots.builder();
    FAMILIES.forEach(family -> snapshots.metricSnapshot(family.snapshot(used)));
    return snapshots.build();
  }
}
