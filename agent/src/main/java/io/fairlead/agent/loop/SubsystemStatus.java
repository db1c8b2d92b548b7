package io.fairlead.agent.loop;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a subsystem is doing.
 *
 * @param problem a sentence if its last attempt failed
 * @param failedKeys keys that wait to be tried again
 * @param pendingKeys keys that it has not been given yet, those that failed included
 * @param millisecondsSinceSync since it last did all it was asked to; -1 if it never has
 * @param lagMilliseconds how long the oldest of its pending keys has waited; 0 if there are none
 * @param failures since the agent's start
 * @param facts of its own
 */
public record SubsystemStatus(
    String name,
    @Nullable String problem,
    int failedKeys,
    int pendingKeys,
    long millisecondsSinceSync,
    long lagMilliseconds,
    long failures,
    Map<String, String> facts) {

  /** One that has just done all it was asked to. */
  public SubsystemStatus(
      String name,
      @Nullable String problem,
      int failedKeys,
      long failures,
      Map<String, String> facts) {
    this(name, problem, failedKeys, failedKeys, 0, 0, failures, facts);
  }

  /** The same some time later, if nothing happened meanwhile. */
  SubsystemStatus after(long milliseconds) {
    return new SubsystemStatus(
        name,
        problem,
        failedKeys,
        pendingKeys,
        millisecondsSinceSync < 0 ? -1 : millisecondsSinceSync + milliseconds,
        pendingKeys == 0 ? 0 : lagMilliseconds + milliseconds,
        failures,
        facts);
  }
}
