package io.fairlead.agent.subsystem.service;

import io.fairlead.agent.config.AgentConfiguration;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.service.LocalPods;
import io.fairlead.dataplane.service.ServiceNode;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.nftables.NodeNetwork;
import io.fairlead.nftables.TunnelPackets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that Services depend on apart from Services: the configuration and the own Node. Pure.
 *
 * @param node what their meaning depends on
 * @param settings what backends render once
 * @param network what the node's table needs in every mode
 */
record ServiceInputs(ServiceNode node, ServiceSettings settings, NodeNetwork network) {

  /**
   * What follows from a configuration and a Node.
   *
   * @param node the own Node, null if there is none (yet)
   */
  static ServiceInputs of(AgentConfiguration configuration, @Nullable NodeRecord node) {
    List<Cidr> podCidrs = node == null ? List.of() : node.podCidrs();
    ServiceSettings settings = configuration.serviceSettings(node);
    return new ServiceInputs(
        new ServiceNode(
            configuration.nodeName(),
            node == null ? null : node.zone(),
            node == null ? List.of() : node.addresses(),
            !(settings.localPods() instanceof LocalPods.Unknown),
            configuration.services().masqueradeAll()),
        settings,
        new NodeNetwork(
            podCidrs,
            configuration.clusterCidrs(),
            configuration.masquerade().exceptions(),
            configuration.masquerade().enabled(),
            configuration.masquerade().randomFully(),
            new TunnelPackets(
                configuration.tunnel().port(),
                configuration.tunnel().vni(),
                configuration.bridge())));
  }
}
