package io.fairlead.dataplane.policy.enforcement;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.PodRecord.ContainerPort;
import io.fairlead.dataplane.model.PolicyDirection;
import io.fairlead.dataplane.policy.enforcement.EnforcementChange.Delta;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The pods that have named ports, and the names in use. */
final class NamedPorts {

  /** Those that have a port of a name, whether it is in use or not. */
  private final Map<PortName, Set<PodGroup>> groups = new HashMap<>();

  /** Those in use, and those that were until the last change was told. */
  private final Map<PortName, Membership<PodPort>> used = new HashMap<>();

  private final Membership<PodPort> unused = new Membership<>();
  private final Set<PortName> inUse = new HashSet<>();
  private final Set<PortName> touched = new LinkedHashSet<>();

  void add(PolicyDirection direction, PodGroup group) {
    for (PortName name : names(direction, group)) {
      groups.computeIfAbsent(name, _ -> new LinkedHashSet<>()).add(group);
    }
  }

  void remove(PolicyDirection direction, PodGroup group) {
    for (PortName name : names(direction, group)) {
      groups.computeIfPresent(
          name, (_, having) -> having.remove(group) && having.isEmpty() ? null : having);
    }
  }

  private static Set<PortName> names(PolicyDirection direction, PodGroup group) {
    Set<PortName> names = new HashSet<>();
    group.traits().ports().forEach(port -> names.add(name(direction, port)));
    return names;
  }

  private static PortName name(PolicyDirection direction, ContainerPort port) {
    return new PortName(direction, port.protocol(), port.name());
  }

  /** An address goes from one group to another. */
  void moved(
      PolicyDirection direction,
      IpAddress address,
      @Nullable PodGroup from,
      @Nullable PodGroup to) {
    Set<ContainerPort> before = ports(from);
    Set<ContainerPort> after = ports(to);
    for (ContainerPort port : before) {
      if (!after.contains(port)) {
        changed(direction, port).remove(new PodPort(address, port.port()));
      }
    }
    for (ContainerPort port : after) {
      if (!before.contains(port)) {
        changed(direction, port).add(new PodPort(address, port.port()));
      }
    }
  }

  private static Set<ContainerPort> ports(@Nullable PodGroup group) {
    return group == null ? Set.of() : new HashSet<>(group.traits().ports());
  }

  private Membership<PodPort> changed(PolicyDirection direction, ContainerPort port) {
    PortName name = name(direction, port);
    Membership<PodPort> membership = used.get(name);
    if (membership == null) {
      return unused;
    }
    touched.add(name);
    return membership;
  }

  /** A policy uses the name. */
  void acquire(PortName name) {
    used.computeIfAbsent(name, _ -> new Membership<>()).acquire();
    touched.add(name);
    inUse.add(name);
  }

  /** A policy no longer uses the name. */
  void release(PortName name) {
    Membership<PodPort> membership = used.get(name);
    if (membership != null) {
      membership.release();
      touched.add(name);
      if (!membership.isUsed()) {
        inUse.remove(name);
      }
    }
  }

  /** Those that policies use: a view. */
  Set<PortName> names() {
    return Collections.unmodifiableSet(inUse);
  }

  Set<PodPort> members(PortName name) {
    Membership<PodPort> membership = used.get(name);
    return membership == null || !membership.isUsed() ? Set.of() : all(name);
  }

  private Set<PodPort> all(PortName name) {
    Set<PodPort> all = new HashSet<>();
    for (PodGroup group : groups.getOrDefault(name, Set.of())) {
      for (ContainerPort port : group.traits().ports()) {
        if (name.equals(name(name.direction(), port))) {
          group.addresses().forEach(address -> all.add(new PodPort(address, port.port())));
        }
      }
    }
    return all;
  }

  /**
   * Tells which members came and went.
   *
   * @param departed receives the ports that went from names that are used on
   */
  Map<PortName, Delta<PodPort>> take(Map<PortName, Set<PodPort>> departed) {
    Map<PortName, Delta<PodPort>> deltas = new HashMap<>();
    for (PortName name : touched) {
      Membership<PodPort> membership = used.get(name);
      if (membership == null) {
        continue;
      }
      boolean stays = membership.staysUsed();
      Delta<PodPort> delta = membership.take(stays ? Set.of() : all(name));
      if (stays && !delta.removed().isEmpty()) {
        departed.put(name, delta.removed());
      }
      if (!delta.added().isEmpty() || !delta.removed().isEmpty()) {
        deltas.put(name, delta);
      }
      if (!membership.isUsed()) {
        used.remove(name);
      }
    }
    touched.clear();
    return deltas;
  }

  /** How much is kept, to see that nothing stays behind. */
  int size() {
    return groups.size() + used.size() + inUse.size() + touched.size();
  }
}
