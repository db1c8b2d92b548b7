package io.fairlead.agent.history;

import java.util.List;

/**
 * A round of the reconciling thread that did something. {@code GET /changes} of the admin socket
 * tells it as JSON with these names.
 *
 * @param number of the rounds that were kept since the agent's start
 * @param time when it began, ISO 8601
 * @param events of the cluster that it took in
 * @param moreEvents that are not listed
 * @param latencyMicroseconds from the arrival of the oldest event until everything was committed;
 *     -1 if no event began it
 * @param causes besides events: sentences without a full stop
 */
public record RoundReport(
    long number,
    String time,
    List<Event> events,
    int moreEvents,
    long latencyMicroseconds,
    List<String> causes,
    List<Step> steps) {

  public RoundReport {
    events = List.copyOf(events);
    causes = List.copyOf(causes);
    steps = List.copyOf(steps);
  }

  /**
   * An object that changed.
   *
   * @param name as namespace/name, or the name of what has no namespace
   * @param change "added", "changed" or "deleted"
   * @param version its resourceVersion, or the file and line of its manifest; empty if unknown
   * @param service of an EndpointSlice, as namespace/name; else empty
   */
  public record Event(String kind, String name, String change, String version, String service) {}

  /**
   * What a subsystem did.
   *
   * @param moreOperations that are not listed
   * @param result "done", or what went wrong
   */
  public record Step(
      String subsystem,
      List<String> operations,
      int moreOperations,
      long microseconds,
      String result) {

    public Step {
      operations = List.copyOf(operations);
    }
  }
}
