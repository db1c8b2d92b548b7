package io.fairlead.agent.metrics;

import io.fairlead.nftables.policy.PolicyCounters;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the kernel has counted for each policy, from one reading at each scrape. What is zero is
 * left out, so that a scrape is only as long as there is something to tell.
 */
public final class PolicyCounterMetrics {

  private static final Logger LOG = LoggerFactory.getLogger(PolicyCounterMetrics.class);

  private PolicyCounterMetrics() {}

  /** Reads the kernel's counters, on whatever thread a scrape asks. */
  @FunctionalInterface
  public interface Reader {
    PolicyCounters read() throws IOException;
  }

  /** Has the counters read at each scrape of {@code registry}. */
  public static void register(PrometheusRegistry registry, Reader reader) {
    registry.register((MultiCollector) () -> collect(reader));
  }

  private static MetricSnapshots collect(Reader reader) {
    PolicyCounters counters;
    try {
      counters = reader.read();
    } catch (IOException | RuntimeException e) {
      LOG.warn("The counters of NetworkPolicies cannot be read: {}", e.getMessage());
      LOG.debug("The counters of NetworkPolicies cannot be read", e);
      return new MetricSnapshots();
    }
    return MetricSnapshots.builder()
        .metricSnapshot(
            snapshot(
                "fairlead_policy_allowed_connections",
                "Connections that rules of a policy allowed.",
                counters.allowed()))
        .metricSnapshot(
            snapshot(
                "fairlead_policy_denied_packets",
                "Packets that no rule of any policy of the pod allowed, for each of its policies.",
                counters.denied()))
        .metricSnapshot(
            CounterSnapshot.builder()
                .name("fairlead_policy_shut_in_packets")
                .help("Packets from and to pods that were not let in.")
                .dataPoint(
                    CounterDataPointSnapshot.builder().value((double) counters.shutIn()).build())
                .build())
        .build();
  }

  private static CounterSnapshot snapshot(
      String name, String help, Map<PolicyCounters.Key, Long> values) {
    CounterSnapshot.Builder builder = CounterSnapshot.builder().name(name).help(help);
    values.forEach((key, value) -> {
      if (value != 0) {
        builder.dataPoint(
            CounterDataPointSnapshot.builder()
                .labels(
                    Labels.of(
                        "namespace",
                        key.policy().namespace(),
                        "policy",
                        key.policy().name(),
                        "direction",
                        key.direction().name().toLowerCase(Locale.ROOT)))
                .value((double) value)
                .build());
      }
    });
    return builder.build();
  }
}
