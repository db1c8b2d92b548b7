package io.fairlead.agent.history;

import java.time.Instant;
import java.util.List;

/**
 * A round that did something, as it is kept. Immutable: texts are made when it is told.
 *
 * @param number of rounds that were kept, from 1
 * @param time milliseconds since 1970
 * @param left events that are not kept
 * @param latencyNanoseconds -1 if no event began it
 * @param causes why it happened, besides events
 * @param weight about as many bytes as it takes
 */
public record Round(
    long number,
    long time,
    List<ObjectEvent> events,
    int left,
    long latencyNanoseconds,
    List<String> causes,
    List<Step> steps,
    int weight) {

  /** What it is for everybody else. */
  public RoundReport report() {
    return new RoundReport(
        number,
        Instant.ofEpochMilli(time).toString(),
        events.stream().map(ObjectEvent::report).toList(),
        left,
        latencyNanoseconds < 0 ? -1 : latencyNanoseconds / 1000,
        causes,
        steps.stream().map(Step::report).toList());
  }

  /** Whether a subsystem took part. */
  boolean has(String subsystem) {
    return steps.stream().anyMatch(step -> step.subsystem().equals(subsystem));
  }
}
