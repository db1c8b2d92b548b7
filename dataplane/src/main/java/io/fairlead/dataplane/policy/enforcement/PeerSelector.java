package io.fairlead.dataplane.policy.enforcement;

import io.fairlead.dataplane.model.LabelSelector;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Peer;
import org.jspecify.annotations.Nullable;

/**
 * Pods that rules mean, wherever they run. Rules of different policies that mean the same pods in
 * the same words share one.
 *
 * @param namespace the only namespace; null if {@code namespaces} says which
 * @param namespaces selects them; null if there is only {@code namespace}
 */
public record PeerSelector(
    @Nullable String namespace, @Nullable LabelSelector namespaces, LabelSelector pods) {

  /** What a peer means in a policy of this namespace. */
  public static PeerSelector of(String policyNamespace, Peer.Pods peer) {
    return peer.namespaces() == null
        ? new PeerSelector(policyNamespace, null, peer.pods())
        : new PeerSelector(null, peer.namespaces(), peer.pods());
  }
}
