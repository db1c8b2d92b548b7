package io.fairlead.dataplane.policy.enforcement;

import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PolicyDirection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All policies, by namespace: those that are in force here and those that wait for a pod. */
final class NamespacePolicies {

  private final Map<String, Map<ObjectKey, NetworkPolicyRecord>> byNamespace = new HashMap<>();

  Collection<NetworkPolicyRecord> in(String namespace) {
    Map<ObjectKey, NetworkPolicyRecord> there = byNamespace.get(namespace);
    return there == null ? List.of() : Collections.unmodifiableCollection(there.values());
  }

  /** Returns what was there before. */
  @Nullable NetworkPolicyRecord put(ObjectKey key, @Nullable NetworkPolicyRecord policy) {
    if (policy != null) {
      return byNamespace.computeIfAbsent(key.namespace(), _ -> new HashMap<>()).put(key, policy);
    }
    Map<ObjectKey, NetworkPolicyRecord> there = byNamespace.get(key.namespace());
    if (there == null) {
      return null;
    }
    NetworkPolicyRecord before = there.remove(key);
    if (there.isEmpty()) {
      byNamespace.remove(key.namespace());
    }
    return before;
  }

  /** Those that isolate pods like this in any direction, in the order of names. */
  List<NetworkPolicyRecord> selecting(PodTraits traits) {
    List<NetworkPolicyRecord> selecting = new ArrayList<>();
    for (NetworkPolicyRecord policy : in(traits.namespace())) {
      if (isolates(policy, PolicyDirection.INGRESS, traits)
          || isolates(policy, PolicyDirection.EGRESS, traits)) {
        selecting.add(policy);
      }
    }
    selecting.sort(Comparator.comparing(NetworkPolicyRecord::key));
    return selecting;
  }

  static boolean isolates(
      @Nullable NetworkPolicyRecord policy, PolicyDirection direction, PodTraits traits) {
    return policy != null
        && policy.rules(direction) != null
        && policy.pods().matches(traits.labels());
  }

  int size() {
    return byNamespace.values().stream().mapToInt(Map::size).sum();
  }
}
