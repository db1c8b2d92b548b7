package io.fairlead.agent.history;

import java.util.List;

/**
 * What a subsystem did in a round.
 *
 * @param operations objects whose toString is the operation's text: few of them are ever read
 * @param left operations that are not kept
 * @param problem a sentence if it failed, else empty
 */
record Step(String subsystem, List<Object> operations, int left, long nanoseconds, String problem) {

  RoundReport.Step report() {
    return new RoundReport.Step(
        subsystem,
        operations.stream().map(Object::toString).toList(),
        left,
        nanoseconds / 1000,
        problem.isEmpty() ? "done" : problem + "; it is retried");
  }
}
