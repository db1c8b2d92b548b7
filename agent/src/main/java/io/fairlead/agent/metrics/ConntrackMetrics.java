package io.fairlead.agent.metrics;

import io.fairlead.dataplane.service.conntrack.FlowCleaner;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts and logs what becomes of stale flows. */
public final class ConntrackMetrics implements FlowCleaner.Listener {

  private static final Logger LOG = LoggerFactory.getLogger(ConntrackMetrics.class);

  private static final double[] SECONDS = {0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30};

  private final Counter deleted;
  private final Counter failures;
  private final Histogram duration;
  private @Nullable String problem;

  public ConntrackMetrics(PrometheusRegistry registry) {
    deleted =
        Counter.builder()
            .name("fairlead_conntrack_deleted_total")
            .help("Stale flows to Services that the kernel was made to forget.")
            .register(registry);
    failures =
        Counter.builder()
            .name("fairlead_conntrack_failures_total")
            .help("Passes over the connection tracking table that failed.")
            .register(registry);
    duration =
        Histogram.builder()
            .name("fairlead_conntrack_duration_seconds")
            .help("How long a pass over the connection tracking table took.")
            .unit(Unit.SECONDS)
            .classicOnly()
            .classicUpperBounds(SECONDS)
            .register(registry);
  }

  @Override
  public void cleaned(int frontends, int count, long nanoseconds) {
    deleted.inc(count);
    duration.observe(nanoseconds / 1e9);
    if (problem != null) {
      problem = null;
      LOG.info("Stale UDP flows are deleted again");
    }
    LOG.atDebug()
        .addKeyValue("frontends", frontends)
        .addKeyValue("deleted", count)
        .log("Stale UDP flows were looked for");
  }

  @Override
  public void failed(IOException cause) {
    failures.inc();
    String sentence = String.valueOf(cause.getMessage());
    if (!sentence.equals(problem)) {
      problem = sentence;
      LOG.warn("Stale UDP flows stay for the moment, and are tried again: {}", sentence);
    }
  }
}
