package io.fairlead.agent.history;

import java.util.List;

/**
 * What {@code GET /changes} of the admin socket answers, as JSON with these names.
 *
 * @param changes the latest last
 * @param forgotten rounds since the agent's start that are not kept any more
 */
public record ChangesReport(String node, List<RoundReport> changes, long forgotten) {

  public ChangesReport {
    changes = List.copyOf(changes);
  }
}
