package io.fairlead.agent.subsystem.policy.flow;

import io.fairlead.dataplane.model.PolicyDirection;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** Metrics of denied flows. Thread-safe. */
final class FlowMetrics {

  private final Counter denied;
  private final Counter lost;

  FlowMetrics(PrometheusRegistry registry) {
    denied =
        Counter.builder()
            .name("fairlead_policy_denied_flows_total")
            .help("Denied packets that the kernel reported; it reports a limited number.")
            .labelNames("direction")
            .register(registry);
    for (PolicyDirection direction : PolicyDirection.values()) {
      denied.initLabelValues(direction.text());
    }
    lost =
        Counter.builder()
            .name("fairlead_policy_flow_reports_lost_total")
            .help("Reports of denied packets that came too fast to be read.")
            .register(registry);
  }

  void denied(String direction) {
    denied.labelValues(direction).inc();
  }

  void lost(long reports) {
    lost.inc(reports);
  }
}
