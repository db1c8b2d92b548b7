package io.fairlead.agent;

import java.util.List;

/**
 * A subsystem that knows of problems which are not its failures: they degrade the agent's status,
 * but neither its readiness nor its work.
 */
public interface ProblemReport {

  /** Sentences with their mend, none if there is no problem. Called by any thread. */
  List<String> problems();
}
