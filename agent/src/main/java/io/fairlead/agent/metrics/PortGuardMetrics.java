package io.fairlead.agent.metrics;

import io.fairlead.nftables.guard.DropReason;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Frames that pods sent as somebody else, as the kernel counts them; read at each scrape. */
public final class PortGuardMetrics {

  private static final Logger LOG = LoggerFactory.getLogger(PortGuardMetrics.class);

  private PortGuardMetrics() {}

  /** Reads the kernel's counters, on whatever thread a scrape asks. */
  @FunctionalInterface
  public interface Reader {
    Map<DropReason, Long> read() throws IOException;
  }

  /** Has the counters read at each scrape of {@code registry}. */
  public static void register(PrometheusRegistry registry, Reader reader) {
    registry.register((MultiCollector) () -> collect(reader));
  }

  private static MetricSnapshots collect(Reader reader) {
    CounterSnapshot.Builder builder =
        CounterSnapshot.builder()
            .name("fairlead_port_guard_dropped_frames")
            .help("Frames that pods sent as somebody else, or with tags, by the reason.");
    try {
      reader
          .read()
          .forEach((reason, frames) ->
              builder.dataPoint(
                  CounterDataPointSnapshot.builder()
                      .labels(Labels.of("reason", reason.text()))
                      .value((double) frames)
                      .build()));
    } catch (IOException | RuntimeException e) {
      LOG.warn("The counters of the guard of ports cannot be read: {}", e.getMessage());
      LOG.debug("The counters of the guard of ports cannot be read", e);
      return new MetricSnapshots();
    }
    return MetricSnapshots.builder().metricSnapshot(builder.build()).build();
  }
}
