package io.fairlead.agent.subsystem.service;

import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.ServiceChange;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What changed since the last successful commit: the changes of one Service become one. */
final class UncommittedChanges {

  private Map<ObjectKey, ServiceChange> changes = new LinkedHashMap<>();

  void add(ServiceChange change) {
    changes.merge(change.service(), change, UncommittedChanges::merge);
  }

  private static ServiceChange merge(ServiceChange first, ServiceChange last) {
    Set<FrontendAddress> addresses = new HashSet<>(first.addresses());
    addresses.addAll(last.addresses());
    return new ServiceChange(first.service(), first.before(), last.after(), addresses);
  }

  boolean isEmpty() {
    return changes.isEmpty();
  }

  /** All of them, which are forgotten. */
  List<ServiceChange> take() {
    List<ServiceChange> taken = List.copyOf(changes.values());
    changes = new LinkedHashMap<>();
    return taken;
  }
}
