package io.fairlead.agent.server;

import java.util.List;

/**
 * What {@code POST /simulate} of the admin socket answers, as JSON with these names: what would
 * happen in the kernel if the objects were there, or gone.
 *
 * @param objects what was read, in its order
 * @param subsystems what each would change
 * @param connections that there are now and would be ended, up to a thousand
 * @param conflicts addresses that Services would not get, as sentences
 */
public record SimulationReport(
    List<SimulatedObject> objects,
    List<Part> subsystems,
    List<Connection> connections,
    List<String> conflicts) {

  public SimulationReport {
    objects = List.copyOf(objects);
    subsystems = List.copyOf(subsystems);
    connections = List.copyOf(connections);
    conflicts = List.copyOf(conflicts);
  }

  /**
   * An object of the manifests.
   *
   * @param kind such as "Service"
   * @param name with its namespace, if it has one
   * @param place file and line where it begins
   * @param effect "added", "changed", "removed", "unchanged", or "left out" if it is wrong
   * @param problems sentences about what is wrong
   */
  public record SimulatedObject(
      String kind, String name, String place, String effect, List<String> problems) {
    public SimulatedObject {
      problems = List.copyOf(problems);
    }
  }

  /**
   * What a subsystem would change.
   *
   * @param problem why it could not be told, as a sentence; empty if it could
   */
  public record Part(String subsystem, List<Change> changes, String problem) {
    public Part {
      changes = List.copyOf(changes);
    }
  }

  /**
   * A change in the kernel.
   *
   * @param kind "add", "remove" or "change"
   * @param place what holds the object, such as "map inet fairlead service-ipv4"
   * @param before what is there, in the words of the program that shows it; empty if nothing is
   * @param after what would be there; empty if nothing would
   */
  public record Change(String kind, String place, String before, String after) {}

  /**
   * A connection.
   *
   * @param protocol "tcp"
   * @param source address and port of whoever began it
   * @param sourcePod "namespace/name", or empty
   * @param destination address and port of whoever answers
   * @param destinationPod "namespace/name", or empty
   * @param service the address that it was sent to, if that is another
   * @param direction "egress" of the source or "ingress" of the destination
   * @param policies that would deny it together
   */
  public record Connection(
      String protocol,
      String source,
      String sourcePod,
      String destination,
      String destinationPod,
      String service,
      String direction,
      List<String> policies) {
    public Connection {
      policies = List.copyOf(policies);
    }
  }

  /** Whether an object was wrong, or a subsystem could not tell. */
  public boolean hasProblems() {
    return objects.stream().anyMatch(object -> !object.problems().isEmpty())
        || subsystems.stream().anyMatch(part -> !part.problem().isEmpty());
  }
}
