package io.fairlead.agent.why;

import io.fairlead.agent.loop.ClusterView;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.policy.ClusterPolicies;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.ServiceNode;
import io.fairlead.overlay.OverlayMode;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an agent knows, for as long as one question is answered. For the reconciling thread.
 *
 * @param node the name of this node
 * @param overlay how pods of other nodes are reached
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
    OverlayMode overlay,
    String bridge,
    ClusterView view,
    AddressClaims claims,
    ServiceNode serviceNode,
    List<Cidr> serviceCidrs,
    @Nullable List<Cidr> unmasqueraded,
    Optional<ClusterPolicies> policies,
    List<LocalPod> pods,
    KernelFacts kernel) {}
