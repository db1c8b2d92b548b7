package io.fairlead.dataplane.policy.enforcement;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.LabelSelector;
import io.fairlead.dataplane.model.Labels;
import io.fairlead.dataplane.model.PolicyDirection;
import io.fairlead.dataplane.policy.enforcement.EnforcementChange.Delta;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All pods as the peers of others, and the selectors in use that mean them. */
final class Peers {

  private final Namespaces namespaces;
  private final NamedPorts ports;
  private final PeerGroups groups;

  /** Those in use, and those that were until the last change was told. */
  private final Map<PeerSelector, UsedSelector> used = new HashMap<>();

  private final Set<PeerSelector> inUse = new HashSet<>();
  private final SelectorIndex index = new SelectorIndex();
  private final Set<UsedSelector> ofNamespaces = new LinkedHashSet<>();

  /** Those to look at when the next change is told. */
  private final Set<UsedSelector> touched = new LinkedHashSet<>();

  Peers(Namespaces namespaces, NamedPorts ports) {
    this.namespaces = namespaces;
    this.ports = ports;
    this.groups = new PeerGroups(namespaces);
  }

  /** An address is, or is no longer, that of a pod with these traits. */
  void move(IpAddress address, @Nullable PodTraits after) {
    PeerGroup from = groups.of(address);
    if (from == null ? after == null : from.traits().equals(after)) {
      return;
    }
    PeerGroup to = after == null ? null : group(after);
    Set<UsedSelector> left = from == null ? Set.of() : from.selectors();
    Set<UsedSelector> joined = to == null ? Set.of() : to.selectors();
    for (UsedSelector selector : left) {
      if (!joined.contains(selector)) {
        selector.membership().remove(address);
        touched.add(selector);
      }
    }
    for (UsedSelector selector : joined) {
      if (!left.contains(selector)) {
        selector.membership().add(address);
        touched.add(selector);
      }
    }
    ports.moved(PolicyDirection.EGRESS, address, from, to);
    groups.move(address, to);
    if (from != null && from.addresses().isEmpty()) {
      drop(from);
    }
  }

  private PeerGroup group(PodTraits traits) {
    PeerGroup known = groups.get(traits);
    if (known != null) {
      return known;
    }
    PeerGroup group = groups.add(traits);
    ports.add(PolicyDirection.EGRESS, group);
    Labels namespaceLabels = namespaces.labels(traits.namespace());
    for (UsedSelector candidate : index.candidates(traits, namespaceLabels)) {
      if (means(candidate.selector(), traits)) {
        candidate.add(group);
      }
    }
    return group;
  }

  private void drop(PeerGroup group) {
    groups.remove(group);
    ports.remove(PolicyDirection.EGRESS, group);
    List.copyOf(group.selectors()).forEach(selector -> selector.remove(group));
  }

  private boolean means(PeerSelector selector, PodTraits traits) {
    LabelSelector wanted = selector.namespaces();
    return selector.pods().matches(traits.labels())
        && (wanted == null
            ? traits.namespace().equals(selector.namespace())
            : wanted.matches(namespaces.labels(traits.namespace())));
  }

  /** A policy uses the selector. */
  void acquire(PeerSelector selector) {
    UsedSelector state = used.get(selector);
    if (state == null) {
      state = new UsedSelector(selector);
      used.put(selector, state);
      index.add(state);
      if (selector.namespaces() != null) {
        ofNamespaces.add(state);
      }
      for (PeerGroup group : groups.candidates(selector)) {
        if (means(selector, group.traits())) {
          state.add(group);
        }
      }
    }
    state.membership().acquire();
    inUse.add(selector);
    touched.add(state);
  }

  /** A policy no longer uses the selector. It is kept until that has been told. */
  void release(PeerSelector selector) {
    UsedSelector state = used.get(selector);
    if (state != null) {
      state.membership().release();
      touched.add(state);
      if (!state.membership().isUsed()) {
        inUse.remove(selector);
      }
    }
  }

  /** A namespace has, or will have once this returns, other labels. */
  void relabel(String namespace, Labels before, Labels after) {
    groups.relabel(namespace, before, after);
    Collection<PeerGroup> there = groups.in(namespace);
    if (there.isEmpty()) {
      return;
    }
    for (UsedSelector state : ofNamespaces) {
      LabelSelector wanted = state.selector().namespaces();
      if (wanted == null || wanted.matches(before) == wanted.matches(after)) {
        continue;
      }
      for (PeerGroup group : there) {
        if (!wanted.matches(after)) {
          state.remove(group);
        } else if (state.selector().pods().matches(group.traits().labels())) {
          state.add(group);
        }
      }
      touched.add(state);
    }
  }

  /** Those that policies use: a view. */
  Set<PeerSelector> selectors() {
    return Collections.unmodifiableSet(inUse);
  }

  Set<IpAddress> members(PeerSelector selector) {
    UsedSelector state = used.get(selector);
    return state == null || !state.membership().isUsed() ? Set.of() : members(state);
  }

  private Set<IpAddress> members(UsedSelector state) {
    return new MemberAddresses(state.groups(), groups::of);
  }

  /**
   * Tells which members came and went.
   *
   * @param departed receives those that went from selectors that are used on
   */
  Map<PeerSelector, Delta<IpAddress>> take(Set<IpAddress> departed) {
    Map<PeerSelector, Delta<IpAddress>> deltas = new HashMap<>();
    for (UsedSelector state : touched) {
      boolean stays = state.membership().staysUsed();
      Delta<IpAddress> delta = state.membership().take(members(state));
      if (stays) {
        departed.addAll(delta.removed());
      }
      if (!delta.added().isEmpty() || !delta.removed().isEmpty()) {
        deltas.put(state.selector(), delta);
      }
      if (!state.membership().isUsed()) {
        forget(state);
      }
    }
    touched.clear();
    return deltas;
  }

  private void forget(UsedSelector state) {
    used.remove(state.selector());
    index.remove(state);
    ofNamespaces.remove(state);
    new ArrayList<>(state.groups()).forEach(state::remove);
  }

  /** How much is kept, to see that nothing stays behind. */
  int size() {
    return groups.size()
        + used.size()
        + inUse.size()
        + index.size()
        + ofNamespaces.size()
        + touched.size();
  }
}
