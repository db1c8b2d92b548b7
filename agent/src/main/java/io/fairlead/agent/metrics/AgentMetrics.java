package io.fairlead.agent.metrics;

import io.fairlead.agent.loop.LoopStatus;
import io.fairlead.agent.loop.QueueStatus;
import io.fairlead.agent.loop.SubsystemStatus;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * The agent's metrics. Whatever can be asked for is read at the scrape; only rounds are counted as
 * they happen. Thread-safe.
 */
public final class AgentMetrics {

  /** What {@link #exposition} returns, as a content type. */
  public static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

  private static final double[] ROUND_SECONDS = {
    0.000_1, 0.000_3, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30
  };

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final PrometheusTextFormatWriter writer =
      PrometheusTextFormatWriter.builder().setIncludeCreatedTimestamps(false).build();
  private final Histogram syncDuration;
  private final Counter dirtyKeys;
  private final Counter healthRequests;

  /**
   * @param loop asked at every scrape
   * @param queue asked at every scrape
   * @param skippedObjects how many objects are left out now
   */
  public AgentMetrics(
      String version,
      Supplier<LoopStatus> loop,
      Supplier<QueueStatus> queue,
      DoubleSupplier skippedObjects) {
    syncDuration =
        Histogram.builder()
            .name("fairlead_sync_duration_seconds")
            .help("From taking changes to their being in the kernel.")
            .unit(Unit.SECONDS)
            .classicOnly()
            .classicUpperBounds(ROUND_SECONDS)
            .register(registry);
    dirtyKeys =
        Counter.builder()
            .name("fairlead_dirty_keys_total")
            .help("Keys that changes in the cluster made dirty.")
            .register(registry);
    Info.builder()
        .name("fairlead_build_info")
        .help("The version that runs.")
        .labelNames("version")
        .register(registry)
        .setLabelValues(version);
    healthRequests =
        Counter.builder()
            .name("fairlead_health_requests_total")
            .help("Questions about the agent's health, by answer.")
            .labelNames("path", "code")
            .register(registry);
    loopGauges(loop);
    queueGauges(queue);
    gauge("fairlead_skipped_objects", "Objects left out, wholly or in part.", skippedObjects);
    gauge(
        "fairlead_process_resident_memory_bytes",
        "Resident set size.",
        ProcessMemory::residentBytes);
    gauge("fairlead_jvm_heap_used_bytes", "Java heap in use.", ProcessMemory::heapBytes);
  }

  private void loopGauges(Supplier<LoopStatus> loop) {
    gauge(
        "fairlead_queue_depth",
        "Changes and tasks that wait for the reconciling thread.",
        () -> loop.get().queueDepth());
    gauge(
        "fairlead_synced",
        "1 once everything in the cluster has been seen.",
        () -> loop.get().synced() ? 1 : 0);
    gauge(
        "fairlead_last_sync_timestamp_seconds",
        "When a change last went to the kernel, as Unix time; 0 if never.",
        () -> unixTime(loop.get().millisecondsSinceSync()));
    CounterWithCallback.builder()
        .name("fairlead_subsystem_failures_total")
        .help("Failed attempts to bring the kernel to the desired state.")
        .labelNames("subsystem")
        .callback(callback -> {
          for (SubsystemStatus subsystem : loop.get().subsystems()) {
            callback.call((double) subsystem.failures(), subsystem.name());
          }
        })
        .register(registry);
    GaugeWithCallback.builder()
        .name("fairlead_subsystem_failed_keys")
        .help("Keys that wait to be tried again.")
        .labelNames("subsystem")
        .callback(callback -> {
          for (SubsystemStatus subsystem : loop.get().subsystems()) {
            callback.call(subsystem.failedKeys(), subsystem.name());
          }
        })
        .register(registry);
  }

  private void queueGauges(Supplier<QueueStatus> queue) {
    GaugeWithCallback.builder()
        .name("fairlead_changes_pending")
        .help("Objects whose latest change waits for the reconciling thread.")
        .labelNames("kind")
        .callback(callback -> {
          QueueStatus now = queue.get();
          callback.call(now.services().pending(), "service");
          callback.call(now.endpointSlices().pending(), "endpointslice");
          callback.call(now.nodes().pending(), "node");
          callback.call(now.pods().pending(), "pod");
          callback.call(now.namespaces().pending(), "namespace");
          callback.call(now.networkPolicies().pending(), "networkpolicy");
        })
        .register(registry);
    CounterWithCallback.builder()
        .name("fairlead_changes_total")
        .help("Changes that came from the cluster.")
        .labelNames("kind")
        .callback(callback -> {
          QueueStatus now = queue.get();
          callback.call((double) now.services().total(), "service");
          callback.call((double) now.endpointSlices().total(), "endpointslice");
          callback.call((double) now.nodes().total(), "node");
          callback.call((double) now.pods().total(), "pod");
          callback.call((double) now.namespaces().total(), "namespace");
          callback.call((double) now.networkPolicies().total(), "networkpolicy");
        })
        .register(registry);
    gauge(
        "fairlead_last_queued_timestamp_seconds",
        "When a change last came from the cluster, as Unix time; 0 if never.",
        () -> unixTime(queue.get().millisecondsSinceQueued()));
    gauge(
        "fairlead_last_applied_timestamp_seconds",
        "When nothing was last left to apply, as Unix time; 0 if never.",
        () -> unixTime(queue.get().millisecondsSinceApplied()));
  }

  private static double unixTime(long millisecondsAgo) {
    return millisecondsAgo < 0 ? 0 : (System.currentTimeMillis() - millisecondsAgo) / 1000.0;
  }

  private void gauge(String name, String help, DoubleSupplier value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call(value.getAsDouble()))
        .register(registry);
  }

  /** For metrics of subsystems. */
  public PrometheusRegistry registry() {
    return registry;
  }

  /** A round of the reconciling thread has ended. */
  public void round(int keys, long nanoseconds) {
    syncDuration.observe(nanoseconds / 1e9);
    dirtyKeys.inc(keys);
  }

  /** Somebody asked {@code path} whether the agent is well. */
  public void healthRequest(String path, int code) {
    healthRequests.labelValues(path, Integer.toString(code)).inc();
  }

  /** All metrics in Prometheus' text format. */
  public String exposition() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(8192);
    try {
      writer.write(bytes, registry.scrape(), EscapingScheme.DEFAULT);
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory cannot fail", e);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
