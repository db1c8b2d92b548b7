package io.fairlead.bench.soak;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** How often what happened. Thread-safe. */
final class Tally {

  /** What is counted, in the order of the report. */
  enum Event {
    ADD_SUCCEEDED,
    ADD_FAILED,
    ADD_KILLED,
    DEL_SUCCEEDED,
    DEL_FAILED,
    DEL_KILLED,
    PODS_LOST_WITHOUT_DEL,
    AGENT_KILLED,
    AGENT_KILLED_WHILE_STARTING
  }

  private final Map<Event, LongAdder> counts = new EnumMap<>(Event.class);

  Tally() {
    for (Event event : Event.values()) {
      counts.put(event, new LongAdder());
    }
  }

  void count(Event event) {
    adder(event).increment();
  }

  long of(Event event) {
    return adder(event).sum();
  }

  private LongAdder adder(Event event) {
    return java.util.Objects.requireNonNull(counts.get(event));
  }

  /** By name in words. */
  Map<String, Long> toMap() {
    Map<String, Long> map = new LinkedHashMap<>();
    counts.forEach((event, count) ->
        map.put(event.name().toLowerCase(Locale.ROOT).replace('_', ' '), count.sum()));
    return map;
  }
}
