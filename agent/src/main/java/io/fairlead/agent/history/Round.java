package io.fairlead.agent.history;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A round that did something, as it is kept. Immutable: texts are made when it is told.
 *
 * @param number of rounds that were kept, from 1
 * @param time milliseconds since 1970, by the clock as it was set then
 * @param steady milliseconds of a clock that nobody sets, as {@link #steadyNow}
 * @param left events that are not kept
 * @param latencyNanoseconds -1 if no event began it
 * @param causes why it happened, besides events
 * @param weight about as many bytes as it takes
 */
public record Round(
    long number,
    long time,
    long steady,
    List<ObjectEvent> events,
    int left,
    long latencyNanoseconds,
    List<String> causes,
    List<Step> steps,
    int weight) {

  /** Milliseconds, of which only differences mean something. */
  public static long steadyNow() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }

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
