package io.fairlead.agent.verify;

import io.fairlead.agent.server.SimulationReport.Connection;
import io.fairlead.dataplane.evidence.Comparison;
import java.util.List;

/**
 * What a subsystem would do if the cluster were another.
 *
 * @param comparison of the kernel as it is with what would be wanted
 * @param conflicts that there would be and are not, as sentences
 * @param cut connections of now that would be ended
 * @param connectionProblem why it cannot be told which connections would be ended; empty if it can
 */
public record Simulation(
    Comparison comparison, List<String> conflicts, List<Connection> cut, String connectionProblem) {

  public Simulation {
    conflicts = List.copyOf(conflicts);
    cut = List.copyOf(cut);
  }
}
