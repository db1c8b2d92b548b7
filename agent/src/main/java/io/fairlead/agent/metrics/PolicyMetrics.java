package io.fairlead.agent.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/** Metrics of NetworkPolicies and of pods that are let in. Thread-safe. */
public final class PolicyMetrics {

  private static final double[] SECONDS = {
    0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 5, 10, 15, 20, 25, 30
  };

  private final PrometheusRegistry registry;
  private final Histogram programming;
  private final Counter commits;
  private final Counter commitFailures;
  private final Histogram admissions;
  private final Counter refusals;
  private final Counter cuts;
  private final Histogram cutDuration;
  private final Counter cutFailures;

  /**
   * What is enforced on this node.
   *
   * @param policies that select a pod here
   * @param isolatedPods pods' addresses that a policy selects
   * @param admittedPods pods' addresses that are let in, the isolated ones included
   * @param waitingPods attachments that are not let in
   */
  public record Counts(int policies, int isolatedPods, int admittedPods, int waitingPods) {

    public static final Counts NONE = new Counts(0, 0, 0, 0);
  }

  /** Registers what is counted as it happens. */
  public PolicyMetrics(PrometheusRegistry registry) {
    this.registry = registry;
    this.programming =
        histogram(
            "fairlead_policy_programming_duration_seconds",
            "From a change's coming from the cluster to its policies being in the kernel.");
    this.commits =
        counter("fairlead_policy_commits_total", "Commits of policies that changed the kernel.");
    this.commitFailures =
        counter(
            "fairlead_policy_commit_failures_total",
            "Commits of policies that the kernel refused.");
    this.admissions =
        histogram(
            "fairlead_pod_admission_duration_seconds",
            "How long attaching a pod waited until its policies were in force.");
    this.refusals =
        counter(
            "fairlead_pod_admission_refusals_total",
            "Pods that were not attached since their policies could not be told or enforced.");
    this.cuts =
        counter(
            "fairlead_policy_connections_cut_total",
            "Connections that were made an end of since policies deny them by now.");
    this.cutDuration =
        histogram(
            "fairlead_policy_cut_duration_seconds", "How long a pass over the connections took.");
    this.cutFailures =
        counter("fairlead_policy_cut_failures_total", "Passes over the connections that failed.");
  }

  private Histogram histogram(String name, String help) {
    return Histogram.builder()
        .name(name)
        .help(help)
        .unit(Unit.SECONDS)
        .classicOnly()
        .classicUpperBounds(SECONDS)
        .register(registry);
  }

  private Counter counter(String name, String help) {
    return Counter.builder().name(name).help(help).register(registry);
  }

  /** A commit that began with changes from the cluster ended so long after they came. */
  public void programmed(double seconds) {
    programming.observe(seconds);
  }

  /** A commit changed the kernel. */
  public void committed() {
    commits.inc();
  }

  /** The kernel refused a commit. */
  public void commitFailed() {
    commitFailures.inc();
  }

  /** A pod was let in. */
  public void admitted(double seconds) {
    admissions.observe(seconds);
  }

  /** A pod was not let in. */
  public void refused() {
    refusals.inc();
  }

  /** A pass over the connections ended some of them. */
  public void cut(int connections, double seconds) {
    cuts.inc(connections);
    cutDuration.observe(seconds);
  }

  /** A pass over the connections failed. */
  public void cutFailed() {
    cutFailures.inc();
  }

  /** Has what is enforced counted at each scrape. */
  public void counts(Supplier<Counts> counts) {
    gauge(
        "fairlead_policies",
        "NetworkPolicies that select a pod of this node.",
        () -> counts.get().policies());
    GaugeWithCallback.builder()
        .name("fairlead_policy_pods")
        .help("Addresses of this node's pods that are let in or isolated, and pods that wait.")
        .labelNames("state")
        .callback(callback -> {
          Counts now = counts.get();
          callback.call(now.admittedPods(), "admitted");
          callback.call(now.isolatedPods(), "isolated");
          callback.call(now.waitingPods(), "waiting");
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
