package io.fairlead.agent.server;

import io.fairlead.dataplane.evidence.Difference;
import io.fairlead.dataplane.evidence.ForeignHook;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What {@code GET /verify} of the admin socket answers, as JSON with these names.
 *
 * @param subsystems in the order in which packets need them
 * @param foreignHooks chains of others that see packets first, or may drop them; that they are
 *     there is no drift
 */
public record VerifyReport(List<Part> subsystems, List<ForeignHook> foreignHooks) {

  public VerifyReport {
    subsystems = List.copyOf(subsystems);
    foreignHooks = List.copyOf(foreignHooks);
  }

  /**
   * What was found of a subsystem.
   *
   * @param right how many objects are as they should be, by what they are, such as "rules"
   * @param problem why it could not be told, as a sentence; empty if it could
   */
  public record Part(
      String subsystem, Map<String, Integer> right, List<Difference> differences, String problem) {

    public Part {
      right = new TreeMap<>(right);
      differences = List.copyOf(differences);
    }
  }

  /**
   * What {@code POST /verify/repair} answers.
   *
   * @param before what was found first
   * @param after what was found when every subsystem had audited
   */
  public record Repaired(VerifyReport before, VerifyReport after) {}

  /** Whether something of ours is not as it should be. */
  public boolean hasDrift() {
    return subsystems.stream().anyMatch(part -> !part.differences().isEmpty());
  }

  /** Whether something could not be told. */
  public boolean hasProblems() {
    return subsystems.stream().anyMatch(part -> !part.problem().isEmpty());
  }
}
