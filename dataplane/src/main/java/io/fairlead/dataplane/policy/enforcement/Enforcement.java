package io.fairlead.dataplane.policy.enforcement;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.NamespaceRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PodRecord;
import io.fairlead.dataplane.policy.ClusterPolicies;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What this node has to enforce. Records go in one at a time, and {@link #take} tells what became
 * different; the state itself can be read at any time. Not thread-safe.
 */
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"})
public final class Enforcement implements ClusterPolicies {

  private final String node;

  /**
   * Nothing is known yet.
   *
   * @param node the name of this node, whose pods are subjects
   * @param complete whether a pod of this node without a record has none: then it has no labels.
   *     Otherwise its record is still to come, and it stays shut in
   */
  public Enforcement(String node, boolean complete) {
    this.node = node + complete;
  }

  /** A pod as it is now, null if it is gone. */
  public void pod(ObjectKey key, @Nullable PodRecord pod) {
    throw new UnsupportedOperationException(node);
  }

  /** A namespace as it is now, null if it is gone. */
  public void namespace(String name, @Nullable NamespaceRecord namespace) {
    throw new UnsupportedOperationException(node);
  }

  /** A policy as it is now, null if it is gone. */
  public void policy(ObjectKey key, @Nullable NetworkPolicyRecord policy) {
    throw new UnsupportedOperationException(node);
  }

  /** An interface that is, or is about to be, on this node. It replaces one with the same id. */
  public void attach(PodAttachment attachment) {
    throw new UnsupportedOperationException(node);
  }

  /** An interface that is gone; one that is not known is ignored. */
  public void detach(String id) {
    throw new UnsupportedOperationException(node);
  }

  /**
   * Whether the addresses of an interface are let in: its pod is known, and {@link #subject} tells
   * how it is isolated.
   */
  public boolean isAdmitted(String id) {
    throw new UnsupportedOperationException(node);
  }

  /** What became different since the last call. */
  public EnforcementChange take() {
    throw new UnsupportedOperationException(node);
  }

  /** The addresses of this node's pods that are let in. */
  public Set<IpAddress> addresses() {
    throw new UnsupportedOperationException(node);
  }

  /** How the pod with this address is isolated; null if the address is not let in. */
  public @Nullable Subject subject(IpAddress address) {
    throw new UnsupportedOperationException(node);
  }

  /** The policies that select a pod of this node. */
  public Map<ObjectKey, NetworkPolicyRecord> policies() {
    throw new UnsupportedOperationException(node);
  }

  /** The selectors that these policies use. */
  public Set<PeerSelector> selectors() {
    throw new UnsupportedOperationException(node);
  }

  /** The addresses of the pods that a selector in use means. */
  public Set<IpAddress> members(PeerSelector selector) {
    throw new UnsupportedOperationException(node);
  }

  /** The named ports that these policies use. */
  public Set<PortName> portNames() {
    throw new UnsupportedOperationException(node);
  }

  /** Where pods have a port of a name in use. */
  public Set<PodPort> members(PortName name) {
    throw new UnsupportedOperationException(node);
  }

  @Override
  public @Nullable PodRecord pod(IpAddress address) {
    throw new UnsupportedOperationException(node);
  }

  @Override
  public @Nullable NamespaceRecord namespace(String name) {
    throw new UnsupportedOperationException(node);
  }

  @Override
  public Collection<NetworkPolicyRecord> policies(String namespace) {
    throw new UnsupportedOperationException(node);
  }
}
