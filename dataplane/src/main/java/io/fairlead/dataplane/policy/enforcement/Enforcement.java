package io.fairlead.dataplane.policy.enforcement;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Labels;
import io.fairlead.dataplane.model.NamespaceRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PodRecord;
import io.fairlead.dataplane.policy.ClusterPolicies;
import io.fairlead.dataplane.policy.enforcement.EnforcementChange.Delta;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What this node has to enforce. Records go in one at a time, and {@link #take} tells what became
 * different; the state itself can be read at any time. Not thread-safe.
 */
public final class Enforcement implements ClusterPolicies {

  private final Namespaces namespaces = new Namespaces();
  private final NamespacePolicies policies = new NamespacePolicies();
  private final NamedPorts ports = new NamedPorts();
  private final Peers peers = new Peers(namespaces, ports);
  private final ActivePolicies active = new ActivePolicies(peers, ports);
  private final LocalSubjects subjects = new LocalSubjects(policies, active, ports);
  private final AddressOwners owners = new AddressOwners(this::moved);
  private final PodDirectory pods;
  private final String node;
  private final boolean complete;

  /**
   * Nothing is known yet.
   *
   * @param node the name of this node, whose pods are subjects
   * @param complete whether a pod of this node without a record has none: then it has no labels.
   *     Otherwise its record is still to come, and it stays shut in
   */
  public Enforcement(String node, boolean complete) {
    this.node = node;
    this.complete = complete;
    this.pods = new PodDirectory(node, complete, owners);
  }

  /** Another one of the same node, which knows nothing yet. */
  public Enforcement another() {
    return new Enforcement(node, complete);
  }

  private void moved(IpAddress address, Occupant before, Occupant after) {
    subjects.move(address, after.subjectTraits());
    peers.move(address, after.peerTraits());
  }

  /** A pod as it is now, null if it is gone. */
  public void pod(ObjectKey key, @Nullable PodRecord pod) {
    pods.pod(key, pod);
  }

  /** A namespace as it is now, null if it is gone. */
  public void namespace(String name, @Nullable NamespaceRecord namespace) {
    Labels before = namespaces.labels(name);
    namespaces.put(name, namespace);
    Labels after = namespaces.labels(name);
    if (!before.equals(after)) {
      peers.relabel(name, before, after);
    }
  }

  /** A policy as it is now, null if it is gone. */
  public void policy(ObjectKey key, @Nullable NetworkPolicyRecord policy) {
    if (!Objects.equals(policies.put(key, policy), policy)) {
      subjects.policy(key, policy);
    }
  }

  /** An interface that is, or is about to be, on this node. It replaces one with the same id. */
  public void attach(PodAttachment attachment) {
    pods.attach(attachment);
  }

  /** An interface that is gone; one that is not known is ignored. */
  public void detach(String id) {
    pods.detach(id);
  }

  /**
   * Whether the addresses of an interface are let in: its pod is known, and {@link #subject} tells
   * how it is isolated.
   */
  public boolean isAdmitted(String id) {
    return pods.isAdmitted(id);
  }

  /** What became different since the last call. */
  public EnforcementChange take() {
    Set<IpAddress> departed = new HashSet<>();
    Map<PortName, Set<PodPort>> departedPorts = new HashMap<>();
    Map<PeerSelector, Delta<IpAddress>> selectorChanges = peers.take(departed);
    Map<PortName, Delta<PodPort>> portChanges = ports.take(departedPorts);
    Changes changes = new Changes(subjects, subjects.take(), active.records(), active.take());
    Set<IpAddress> narrowed = changes.narrowed();
    departedPorts.forEach((name, gone) -> {
      Set<IpAddress> judged =
          switch (name.direction()) {
            case INGRESS -> narrowed;
            case EGRESS -> departed;
          };
      gone.forEach(port -> judged.add(port.address()));
    });
    return new EnforcementChange(
        changes.subjects().keySet(),
        changes.policies().keySet(),
        selectorChanges,
        portChanges,
        narrowed,
        departed);
  }

  /** The addresses of this node's pods that are let in: a view. */
  public Set<IpAddress> addresses() {
    return subjects.addresses();
  }

  /** How the pod with this address is isolated; null if the address is not let in. */
  public @Nullable Subject subject(IpAddress address) {
    return subjects.subject(address);
  }

  /** The policies that select a pod of this node: a view. */
  public Map<ObjectKey, NetworkPolicyRecord> policies() {
    return active.records();
  }

  /** The selectors that these policies use: a view. */
  public Set<PeerSelector> selectors() {
    return peers.selectors();
  }

  /** The addresses of the pods that a selector in use means, else none: a view. */
  public Set<IpAddress> members(PeerSelector selector) {
    return peers.members(selector);
  }

  /** The named ports that these policies use: a view. */
  public Set<PortName> portNames() {
    return ports.names();
  }

  /** Where pods have a port of a name in use, else none: made anew for each call. */
  public Set<PodPort> members(PortName name) {
    return ports.members(name);
  }

  @Override
  public @Nullable PodRecord pod(IpAddress address) {
    return owners.occupant(address).pod();
  }

  @Override
  public @Nullable PodRecord peer(IpAddress address) {
    Occupant occupant = owners.occupant(address);
    return occupant.peer() ? occupant.pod() : null;
  }

  @Override
  public @Nullable NamespaceRecord namespace(String name) {
    return namespaces.get(name);
  }

  @Override
  public Collection<NetworkPolicyRecord> policies(String namespace) {
    return policies.in(namespace);
  }

  /** How much is kept, to see that nothing stays behind. */
  int size() {
    return namespaces.size()
        + policies.size()
        + ports.size()
        + peers.size()
        + active.size()
        + subjects.size()
        + owners.size()
        + pods.size();
  }
}
