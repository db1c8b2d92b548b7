package io.fairlead.agent.why;

import io.fairlead.agent.loop.ClusterView;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.policy.ClusterPolicies;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.ServiceNode;
import java.util.List;
import java.util.Optional;

/**
 * What an agent knows, for as long as one question is answered. For the reconciling thread.
 *
 * @param node the name of this node
 * @param overlay whether pods of other nodes are reached through a tunnel; if not, by their nodes'
 *     addresses
 * @param bridge the link that pods of this node are attached to
 * @param claims who has which address of a Service
 * @param serviceNode what the meaning of Services on this node depends on
 * @param serviceCidrs where cluster IPs are allocated; may be empty
 * @param unmasqueraded the networks that see pods' own addresses; null if all do
 * @param policies empty if this node enforces none
 * @param pods those that are attached here
 */
record NodeFacts(
    String node,
    Overlay overlay,
    String bridge,
    ClusterView view,
    AddressClaims claims,
    ServiceNode serviceNode,
    List<Cidr> serviceCidrs,
    @org.jspecify.annotations.Nullable List<Cidr> unmasqueraded,
    Optional<ClusterPolicies> policies,
    List<LocalPod> pods,
    KernelFacts kernel) {

  /** How pods of other nodes are reached. */
  enum Overlay {
    VXLAN,
    HOST_GW,
    NONE
  }
}
