package io.fairlead.dataplane.policy.enforcement;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.LabelSelector;
import io.fairlead.dataplane.model.Labels;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The groups of peers, to be found by address, namespace and labels. */
final class PeerGroups {

  private final Namespaces namespaces;
  private final Map<IpAddress, PeerGroup> byAddress = new HashMap<>();
  private final Map<PodTraits, PeerGroup> byTraits = new HashMap<>();
  private final Map<String, Set<PeerGroup>> byNamespace = new HashMap<>();
  private final LabelIndex<PeerGroup> byLabels = new LabelIndex<>();

  /** The namespaces that have a group. */
  private final LabelIndex<String> inhabited = new LabelIndex<>();

  PeerGroups(Namespaces namespaces) {
    this.namespaces = namespaces;
  }

  @Nullable PeerGroup of(IpAddress address) {
    return byAddress.get(address);
  }

  @Nullable PeerGroup get(PodTraits traits) {
    return byTraits.get(traits);
  }

  Collection<PeerGroup> in(String namespace) {
    return byNamespace.getOrDefault(namespace, Set.of());
  }

  void move(IpAddress address, @Nullable PeerGroup to) {
    PeerGroup from = to == null ? byAddress.remove(address) : byAddress.put(address, to);
    if (from != null) {
      from.addresses().remove(address);
    }
    if (to != null) {
      to.addresses().add(address);
    }
  }

  PeerGroup add(PodTraits traits) {
    PeerGroup group = new PeerGroup(traits);
    String namespace = traits.namespace();
    byTraits.put(traits, group);
    byNamespace
        .computeIfAbsent(
            namespace,
            _ -> {
              inhabited.add(namespace, namespaces.labels(namespace));
              return new LinkedHashSet<>();
            })
        .add(group);
    byLabels.add(group, traits.labels());
    return group;
  }

  void remove(PeerGroup group) {
    String namespace = group.traits().namespace();
    byTraits.remove(group.traits());
    byNamespace.computeIfPresent(
        namespace,
        (_, groups) -> {
          groups.remove(group);
          if (!groups.isEmpty()) {
            return groups;
          }
          inhabited.remove(namespace, namespaces.labels(namespace));
          return null;
        });
    byLabels.remove(group, group.traits().labels());
  }

  void relabel(String namespace, Labels before, Labels after) {
    if (byNamespace.containsKey(namespace)) {
      inhabited.remove(namespace, before);
      inhabited.add(namespace, after);
    }
  }

  /** All groups that a selector means, and maybe others: as few as the indexes lead to. */
  Collection<PeerGroup> candidates(PeerSelector selector) {
    Collection<PeerGroup> labelled = byLabels.candidates(selector.pods());
    LabelSelector wanted = selector.namespaces();
    Collection<String> names =
        wanted == null ? List.of(selector.namespace()) : inhabited.candidates(wanted);
    if (labelled.size() <= names.size()) {
      return labelled;
    }
    List<PeerGroup> there = new ArrayList<>();
    for (String name : names) {
      if (wanted == null || wanted.matches(namespaces.labels(name))) {
        there.addAll(in(name));
      }
    }
    return there.size() < labelled.size() ? there : labelled;
  }

  int size() {
    return byAddress.size()
        + byTraits.size()
        + byNamespace.size()
        + byLabels.size()
        + inhabited.size();
  }
}
