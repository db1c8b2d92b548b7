package io.fairlead.agent.cli;

import io.fairlead.agent.server.SimulationReport;
import io.fairlead.agent.server.SimulationReport.Change;
import io.fairlead.agent.server.SimulationReport.Connection;
import io.fairlead.agent.server.SimulationReport.Part;
import io.fairlead.agent.server.SimulationReport.SimulatedObject;
import java.util.List;

/** What was simulated, for people. Pure. */
final class SimulateText {

  /**
   * So many changes of a subsystem, and so many connections, are shown unless all are asked for.
   */
  private static final int SHOWN = 50;

  private final StringBuilder text = new StringBuilder();
  private final boolean wide;

  private SimulateText(boolean wide) {
    this.wide = wide;
  }

  /**
   * @param wide with all changes and connections
   */
  static String of(SimulationReport report, boolean wide) {
    SimulateText text = new SimulateText(wide);
    text.addObjects(report.objects());
    report.subsystems().forEach(text::addPart);
    text.addConnections(report.connections());
    if (!report.conflicts().isEmpty()) {
      text.text.append("\nConflicts there would be:\n");
      report.conflicts().forEach(sentence -> text.line("  " + sentence + "."));
    }
    text.text.append("\nNothing was applied.\n");
    return text.text.toString();
  }

  private void line(String content) {
    text.append(content).append('\n');
  }

  private void addObjects(List<SimulatedObject> objects) {
    Table table = new Table("KIND", "NAME", "EFFECT", "PLACE");
    objects.forEach(
        object -> table.row(object.kind(), object.name(), object.effect(), object.place()));
    text.append(table);
    for (SimulatedObject object : objects) {
      for (String problem : object.problems()) {
        line(object.place() + ": " + object.kind() + " " + object.name() + ": " + problem);
      }
    }
  }

  private void addPart(Part part) {
    text.append('\n').append(part.subsystem());
    List<Change> changes = part.changes();
    if (changes.isEmpty()) {
      line(part.problem().isEmpty() ? ": nothing would change in the kernel" : ":");
    } else {
      line(
          changes.size() == 1
              ? ": 1 change in the kernel"
              : ": " + changes.size() + " changes in the kernel");
    }
    if (!part.problem().isEmpty()) {
      line("  " + part.problem());
    }
    for (Change change : wide ? changes : changes.subList(0, Math.min(SHOWN, changes.size()))) {
      line("  " + change.kind() + " in " + change.place());
      if (!change.before().isEmpty()) {
        line("    - " + change.before());
      }
      if (!change.after().isEmpty()) {
        line("    + " + change.after());
      }
    }
    more(changes.size());
  }

  private void more(int count) {
    if (!wide && count > SHOWN) {
      line("  and " + (count - SHOWN) + " more; -o wide or -o json shows all");
    }
  }

  private void addConnections(List<Connection> all) {
    if (all.isEmpty()) {
      line("\nNo connection of now would be cut.");
      return;
    }
    line("\nConnections of now that would be cut:");
    Table table = new Table("PROTOCOL", "FROM", "TO", "SERVICE", "DENIED BY");
    for (Connection each : wide ? all : all.subList(0, Math.min(SHOWN, all.size()))) {
      table.row(
          each.protocol(),
          named(each.source(), each.sourcePod()),
          named(each.destination(), each.destinationPod()),
          each.service(),
          each.direction() + " " + String.join(", ", each.policies()));
    }
    text.append(table);
    more(all.size());
  }

  private static String named(String end, String pod) {
    return pod.isEmpty() ? end : pod + " (" + end + ")";
  }
}
