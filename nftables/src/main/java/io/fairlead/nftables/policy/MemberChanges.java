package io.fairlead.nftables.policy;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.policy.enforcement.EnforcementChange.Delta;
import io.fairlead.dataplane.policy.enforcement.PeerSelector;
import io.fairlead.dataplane.policy.enforcement.PodPort;
import io.fairlead.dataplane.policy.enforcement.PortName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.function.BiConsumer;

/** Members that came and went since the last commit, over several changes. Not thread-safe. */
final class MemberChanges {

  private final Map<PeerSelector, Delta<IpAddress>> selectors = new HashMap<>();
  private final Map<PortName, Delta<PodPort>> portNames = new HashMap<>();

  void addSelectors(Map<PeerSelector, Delta<IpAddress>> changes) {
    changes.forEach((selector, change) -> add(selectors, selector, change));
  }

  void addPortNames(Map<PortName, Delta<PodPort>> changes) {
    changes.forEach((name, change) -> add(portNames, name, change));
  }

  /** What comes and goes leaves no trace. */
  private static <K, T> void add(Map<K, Delta<T>> deltas, K key, Delta<T> change) {
    Delta<T> delta =
        deltas.computeIfAbsent(key, _ -> new Delta<>(new HashSet<>(), new HashSet<>()));
    for (T member : change.removed()) {
      if (!delta.added().remove(member)) {
        delta.removed().add(member);
      }
    }
    for (T member : change.added()) {
      if (!delta.removed().remove(member)) {
        delta.added().add(member);
      }
    }
    if (delta.added().isEmpty() && delta.removed().isEmpty()) {
      deltas.remove(key);
    }
  }

  void selectors(BiConsumer<PeerSelector, Delta<IpAddress>> each) {
    selectors.forEach(each);
  }

  void portNames(BiConsumer<PortName, Delta<PodPort>> each) {
    portNames.forEach(each);
  }

  boolean isEmpty() {
    return selectors.isEmpty() && portNames.isEmpty();
  }

  void clear() {
    selectors.clear();
    portNames.clear();
  }
}
