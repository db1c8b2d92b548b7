package io.fairlead.dataplane.policy.enforcement;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PolicyDirection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The addresses of this node's pods that are let in, and what isolates them. */
final class LocalSubjects {

  private final NamespacePolicies policies;
  private final ActivePolicies active;
  private final NamedPorts ports;
  private final Map<IpAddress, LocalGroup> byAddress = new HashMap<>();
  private final Map<String, Map<PodTraits, LocalGroup>> byNamespace = new HashMap<>();

  /** How those that may be isolated otherwise were isolated when the last change was told. */
  private final Map<IpAddress, Optional<Subject>> touched = new HashMap<>();

  LocalSubjects(NamespacePolicies policies, ActivePolicies active, NamedPorts ports) {
    this.policies = policies;
    this.active = active;
    this.ports = ports;
  }

  Set<IpAddress> addresses() {
    return Collections.unmodifiableSet(byAddress.keySet());
  }

  @Nullable Subject subject(IpAddress address) {
    LocalGroup group = byAddress.get(address);
    return group == null ? null : group.subject();
  }

  Collection<LocalGroup> in(String namespace) {
    return byNamespace.getOrDefault(namespace, Map.of()).values();
  }

  /** An address is, or is no longer, that of a pod of this node with these traits. */
  void move(IpAddress address, @Nullable PodTraits after) {
    LocalGroup from = byAddress.get(address);
    if (from == null ? after == null : from.traits().equals(after)) {
      return;
    }
    touch(address);
    LocalGroup to = after == null ? null : group(after);
    ports.moved(PolicyDirection.INGRESS, address, from, to);
    if (to == null) {
      byAddress.remove(address);
    } else {
      byAddress.put(address, to);
      to.addresses().add(address);
    }
    if (from != null) {
      from.addresses().remove(address);
      if (from.addresses().isEmpty()) {
        drop(from);
      }
    }
  }

  private void touch(IpAddress address) {
    touched.putIfAbsent(address, Optional.ofNullable(subject(address)));
  }

  private LocalGroup group(PodTraits traits) {
    Map<PodTraits, LocalGroup> there =
        byNamespace.computeIfAbsent(traits.namespace(), _ -> new HashMap<>());
    LocalGroup known = there.get(traits);
    if (known != null) {
      return known;
    }
    List<NetworkPolicyRecord> selecting = policies.selecting(traits);
    selecting.forEach(active::select);
    LocalGroup group =
        new LocalGroup(
            traits,
            new Subject(
                isolating(selecting, PolicyDirection.INGRESS),
                isolating(selecting, PolicyDirection.EGRESS)));
    there.put(traits, group);
    ports.add(PolicyDirection.INGRESS, group);
    return group;
  }

  private static List<ObjectKey> isolating(
      List<NetworkPolicyRecord> selecting, PolicyDirection direction) {
    return selecting.stream()
        .filter(policy -> policy.rules(direction) != null)
        .map(NetworkPolicyRecord::key)
        .toList();
  }

  private void drop(LocalGroup group) {
    String namespace = group.traits().namespace();
    Map<PodTraits, LocalGroup> there = byNamespace.getOrDefault(namespace, Map.of());
    there.remove(group.traits());
    if (there.isEmpty()) {
      byNamespace.remove(namespace);
    }
    ports.remove(PolicyDirection.INGRESS, group);
    Set<ObjectKey> selecting = new HashSet<>(group.subject().ingress());
    selecting.addAll(group.subject().egress());
    selecting.forEach(active::deselect);
  }

  /** A policy is another now; null if it is gone. */
  void policy(ObjectKey key, @Nullable NetworkPolicyRecord now) {
    if (now != null) {
      active.replace(now);
    }
    for (LocalGroup group : in(key.namespace())) {
      Subject before = group.subject();
      Subject after =
          new Subject(
              with(before.ingress(), key, isolates(now, PolicyDirection.INGRESS, group)),
              with(before.egress(), key, isolates(now, PolicyDirection.EGRESS, group)));
      if (before.equals(after)) {
        continue;
      }
      group.addresses().forEach(this::touch);
      group.subject(after);
      boolean selected = selects(before, key);
      if (now != null && !selected) {
        active.select(now);
      } else if (selected && !selects(after, key)) {
        active.deselect(key);
      }
    }
  }

  private static boolean isolates(
      @Nullable NetworkPolicyRecord policy, PolicyDirection direction, LocalGroup group) {
    return NamespacePolicies.isolates(policy, direction, group.traits());
  }

  private static boolean selects(Subject subject, ObjectKey policy) {
    return subject.isIsolatedBy(policy, PolicyDirection.INGRESS)
        || subject.isIsolatedBy(policy, PolicyDirection.EGRESS);
  }

  /** The list with or without a policy; itself if that makes no difference. */
  private static List<ObjectKey> with(List<ObjectKey> sorted, ObjectKey policy, boolean wanted) {
    int at = Collections.binarySearch(sorted, policy);
    if (at >= 0 == wanted) {
      return sorted;
    }
    List<ObjectKey> list = new ArrayList<>(sorted);
    if (wanted) {
      list.add(-at - 1, policy);
    } else {
      list.remove(at);
    }
    return list;
  }

  /** Those that are isolated otherwise, with how they were before. */
  Map<IpAddress, Optional<Subject>> take() {
    touched
        .entrySet()
        .removeIf(entry -> Objects.equals(entry.getValue().orElse(null), subject(entry.getKey())));
    Map<IpAddress, Optional<Subject>> changed = new HashMap<>(touched);
    touched.clear();
    return changed;
  }

  /** How much is kept, to see that nothing stays behind. */
  int size() {
    return byAddress.size() + byNamespace.size() + touched.size();
  }
}
