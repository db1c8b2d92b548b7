package io.fairlead.agent.metrics;

import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.ObjectKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleConsumer;
import java.util.function.LongSupplier;

/**
 * How long it takes from what made the endpoints of a Service change, such as a pod that became
 * ready, until the kernel sends connections accordingly: the network programming latency of
 * Kubernetes' service level objectives. It knows of changes since its start only, and remembers no
 * more than those. Used by the reconciling thread.
 */
public final class ProgrammingLatency {

  private record Trigger(ObjectKey slice, long milliseconds) {}

  private final LongSupplier clock;
  private final LongSupplier uptime;
  private final DoubleConsumer seconds;

  /** The last trigger of each slice that has one, by Service. */
  private final Map<ObjectKey, Map<ObjectKey, Long>> known = new HashMap<>();

  private final Map<ObjectKey, List<Trigger>> pending = new HashMap<>();

  /**
   * Begins to watch.
   *
   * @param clock milliseconds since 1970, as the cluster's clocks count them
   * @param uptime milliseconds since some moment, by a clock that nobody sets
   * @param seconds takes each latency
   */
  public ProgrammingLatency(LongSupplier clock, LongSupplier uptime, DoubleConsumer seconds) {
    long began = uptime.getAsLong();
    this.clock = clock;
    this.uptime = () -> uptime.getAsLong() - began;
    this.seconds = seconds;
  }

  /**
   * A Service's slices may have changed.
   *
   * @param slices all that the Service has now; none if it is gone
   */
  public void changed(ObjectKey service, Collection<EndpointSliceRecord> slices) {
    Map<ObjectKey, Long> before = known.getOrDefault(service, Map.of());
    Map<ObjectKey, Long> now = new HashMap<>();
    // By the clock as it is set now: it may have been wrong when this began.
    long started = clock.getAsLong() - uptime.getAsLong();
    List<Trigger> waiting = new ArrayList<>(pending.getOrDefault(service, List.of()));
    waiting.removeIf(
        trigger -> slices.stream().noneMatch(slice -> slice.key().equals(trigger.slice())));
    for (EndpointSliceRecord slice : slices) {
      long triggered = slice.triggered();
      if (triggered > started) {
        now.put(slice.key(), triggered);
        if (before.getOrDefault(slice.key(), 0L) != triggered) {
          waiting.add(new Trigger(slice.key(), triggered));
        }
      }
    }
    put(known, service, now, now.isEmpty());
    put(pending, service, waiting, waiting.isEmpty());
  }

  private static <V> void put(Map<ObjectKey, V> map, ObjectKey key, V value, boolean empty) {
    if (empty) {
      map.remove(key);
    } else {
      map.put(key, value);
    }
  }

  /** All that changed until now is in the kernel. */
  public void committed() {
    if (pending.isEmpty()) {
      return;
    }
    long now = clock.getAsLong();
    // Another machine's clock may be ahead of ours.
    pending
        .values()
        .forEach(triggers ->
            triggers.forEach(
                trigger -> seconds.accept(Math.max(0, now - trigger.milliseconds()) / 1000.0)));
    pending.clear();
  }
}
