package io.fairlead.dataplane.policy.enforcement;

import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Peer;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Port;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Rule;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PolicyDirection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The policies that select a pod of this node: only their selectors and port names are in use. */
final class ActivePolicies {

  private final Peers peers;
  private final NamedPorts ports;
  private final Map<ObjectKey, NetworkPolicyRecord> records = new HashMap<>();

  /** How many groups of pods each selects. */
  private final Map<ObjectKey, Integer> groups = new HashMap<>();

  /**
   * What was there when the last change was told, of those that may be another since. Sorted: a
   * hash table would stay as large as the first sync made it, and each use cost that.
   */
  private final Map<ObjectKey, Optional<NetworkPolicyRecord>> touched = new TreeMap<>();

  ActivePolicies(Peers peers, NamedPorts ports) {
    this.peers = peers;
    this.ports = ports;
  }

  Map<ObjectKey, NetworkPolicyRecord> records() {
    return Collections.unmodifiableMap(records);
  }

  /** A group of pods is selected by a policy, which is active from now on. */
  void select(NetworkPolicyRecord policy) {
    groups.merge(policy.key(), 1, Integer::sum);
    if (!records.containsKey(policy.key())) {
      put(policy.key(), policy);
    }
  }

  /** A group of pods is no longer selected; without any, the policy is not active. */
  void deselect(ObjectKey key) {
    if (groups.merge(key, -1, (a, b) -> a + b == 0 ? null : a + b) == null) {
      put(key, null);
    }
  }

  /** A policy is another now; if it was not active, it still is not. */
  void replace(NetworkPolicyRecord policy) {
    if (records.containsKey(policy.key())) {
      put(policy.key(), policy);
    }
  }

  private void put(ObjectKey key, @Nullable NetworkPolicyRecord now) {
    NetworkPolicyRecord before = now == null ? records.remove(key) : records.put(key, now);
    touched.putIfAbsent(key, Optional.ofNullable(before));
    // In this order, so that nothing that stays in use is dropped in between.
    if (now != null) {
      forEachUse(now, peers::acquire, ports::acquire);
    }
    if (before != null) {
      forEachUse(before, peers::release, ports::release);
    }
  }

  private static void forEachUse(
      NetworkPolicyRecord policy, Consumer<PeerSelector> selectors, Consumer<PortName> names) {
    for (PolicyDirection direction : PolicyDirection.values()) {
      for (Rule rule : Objects.requireNonNullElse(policy.rules(direction), List.<Rule>of())) {
        for (Peer peer : Objects.requireNonNullElse(rule.peers(), List.<Peer>of())) {
          switch (peer) {
            case Peer.Pods pods ->
                selectors.accept(PeerSelector.of(policy.key().namespace(), pods));
            case Peer.Block _ -> {}
          }
        }
        for (Port port : Objects.requireNonNullElse(rule.ports(), List.<Port>of())) {
          switch (port) {
            case Port.Named named ->
                names.accept(new PortName(direction, named.protocol(), named.name()));
            case Port.Range _ -> {}
          }
        }
      }
    }
  }

  /** Those that are another now, with what they were before. */
  Map<ObjectKey, Optional<NetworkPolicyRecord>> take() {
    touched
        .entrySet()
        .removeIf(
            entry -> entry.getValue().equals(Optional.ofNullable(records.get(entry.getKey()))));
    Map<ObjectKey, Optional<NetworkPolicyRecord>> changed = new HashMap<>(touched);
    touched.clear();
    return changed;
  }

  /** How much is kept, to see that nothing stays behind. */
  int size() {
    return records.size() + groups.size() + touched.size();
  }
}
