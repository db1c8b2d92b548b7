package io.fairlead.agent.metrics;

import io.fairlead.agent.health.HealthCheckServers;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Metrics of Services and of what becomes of them in the kernel. Thread-safe. */
public final class ServiceMetrics {

  /** kube-proxy's, in seconds: a quarter, a half, 1 to 59, 60 to 115 by 5, 120 to 300 by 30. */
  private static final double[] PROGRAMMING_SECONDS =
      DoubleStream.concat(
              DoubleStream.of(0.25, 0.5),
              IntStream.concat(
                      IntStream.rangeClosed(1, 59),
                      IntStream.concat(
                          IntStream.range(0, 12).map(i -> 60 + 5 * i),
                          IntStream.range(0, 7).map(i -> 120 + 30 * i)))
                  .asDoubleStream())
          .toArray();

  private final PrometheusRegistry registry;
  private final Histogram programming;
  private final Counter commitFailures;

  /** Registers what is counted as it happens. */
  public ServiceMetrics(PrometheusRegistry registry) {
    this.registry = registry;
    this.programming =
        Histogram.builder()
            .name("fairlead_network_programming_duration_seconds")
            .help("From what made endpoints change to its being in the kernel.")
            .unit(Unit.SECONDS)
            .classicOnly()
            .classicUpperBounds(PROGRAMMING_SECONDS)
            .register(registry);
    this.commitFailures =
        Counter.builder()
            .name("fairlead_service_commit_failures_total")
            .help("Commits of Services that the kernel refused.")
            .labelNames("backend")
            .register(registry);
  }

  /** Counts one network programming latency. */
  public void programmed(double seconds) {
    programming.observe(seconds);
  }

  /** The kernel refused a commit. */
  public void commitFailed(String backend) {
    commitFailures.labelValues(backend).inc();
  }

  /** Has the Services counted at each scrape. */
  public void counts(Supplier<ServiceTally.Counts> counts) {
    gauge("fairlead_services", "Services.", () -> counts.get().services());
    gauge(
        "fairlead_service_frontends",
        "Addresses and node ports of Services.",
        () -> counts.get().frontends());
    gauge(
        "fairlead_service_endpoints",
        "Endpoints in use, of each port of each Service.",
        () -> counts.get().endpoints());
    GaugeWithCallback.builder()
        .name("fairlead_services_without_local_endpoints")
        .help("Services of traffic policy Local with endpoints, but none on this node.")
        .labelNames("traffic_policy")
        .callback(callback -> {
          ServiceTally.Counts now = counts.get();
          callback.call(now.withoutInternalEndpoints(), "internal");
          callback.call(now.withoutExternalEndpoints(), "external");
        })
        .register(registry);
  }

  /** Has the health check node ports counted at each scrape. */
  public void healthPorts(Supplier<HealthCheckServers.States> states) {
    GaugeWithCallback.builder()
        .name("fairlead_health_check_ports")
        .help("Health check node ports of Services, by whether they are listened on.")
        .labelNames("state")
        .callback(callback -> {
          HealthCheckServers.States now = states.get();
          callback.call(now.listening(), "listening");
          callback.call(now.failed(), "failed");
        })
        .register(registry);
  }

  private void gauge(String name, String help, DoubleSupplier value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call(value.getAsDouble()))
        .register(registry);
  }
}
