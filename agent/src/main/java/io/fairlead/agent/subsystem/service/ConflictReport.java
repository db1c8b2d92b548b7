package io.fairlead.agent.subsystem.service;

import io.fairlead.dataplane.service.AddressClaims.Conflict;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Tells once of each conflict, and again if it went and came back. */
final class ConflictReport {

  private final Consumer<Conflict> report;
  private final Set<Conflict> told = new HashSet<>();

  ConflictReport(Consumer<Conflict> report) {
    this.report = report;
  }

  void update(List<Conflict> conflicts) {
    if (conflicts.isEmpty() && told.isEmpty()) {
      return;
    }
    told.retainAll(Set.copyOf(conflicts));
    for (Conflict conflict : conflicts) {
      if (told.add(conflict)) {
        report.accept(conflict);
      }
    }
  }
}
