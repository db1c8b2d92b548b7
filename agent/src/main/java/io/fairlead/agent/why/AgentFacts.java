package io.fairlead.agent.why;

import io.fairlead.agent.config.AgentConfiguration;
import io.fairlead.agent.loop.ClusterView;
import io.fairlead.agent.loop.ReconcileLoop;
import io.fairlead.agent.server.PodsReport;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.policy.ClusterPolicies;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.ServiceNode;
import io.fairlead.overlay.OverlayMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the parts of an agent know, put together for one question.
 *
 * @param overlay how pods of other nodes are reached now
 * @param serviceNode as which Services are looked at now
 * @param policies empty if none are enforced
 * @param pods those that are attached
 */
public record AgentFacts(
    AgentConfiguration configuration,
    Supplier<OverlayMode> overlay,
    AddressClaims claims,
    Supplier<ServiceNode> serviceNode,
    Optional<ClusterPolicies> policies,
    Supplier<PodsReport> pods) {

  /** Answers questions with this. */
  public WhyRoutes routes(ReconcileLoop loop, PartsOfKernel parts) {
    return new WhyRoutes(loop, this::gather, parts);
  }

  private NodeFacts gather(ClusterView view, KernelFacts kernel) {
    NodeRecord node = view.node(configuration.nodeName());
    return new NodeFacts(
        configuration.nodeName(),
        overlay.get(),
        configuration.bridge(),
        view,
        claims,
        serviceNode.get(),
        configuration.serviceSettings(node).serviceCidrs(),
        unmasqueraded(configuration, node),
        policies,
        pods.get().pods().stream().map(AgentFacts::pod).toList(),
        kernel);
  }

  private static @Nullable List<Cidr> unmasqueraded(
      AgentConfiguration now, @Nullable NodeRecord node) {
    if (!now.masquerade().enabled()) {
      return null;
    }
    List<Cidr> spared = new ArrayList<>(now.clusterCidrs());
    spared.addAll(now.masquerade().exceptions());
    if (node != null) {
      spared.addAll(node.podCidrs());
    }
    return spared;
  }

  private static LocalPod pod(PodsReport.AttachedPod pod) {
    return new LocalPod(
        new ObjectKey(pod.namespace(), pod.name()),
        pod.addresses().stream().map(IpAddress::parse).toList(),
        pod.hostLink(),
        pod.state());
  }
}
