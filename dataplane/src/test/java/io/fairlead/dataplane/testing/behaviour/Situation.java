package io.fairlead.dataplane.testing.behaviour;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.service.LocalPods;
import io.fairlead.dataplane.service.ServiceNode;
import io.fairlead.dataplane.service.ServiceSettings;
import java.util.List;

/**
 * How the node is configured.
 *
 * @param localPods how pods of this node are known
 */
record Situation(LocalPods localPods, boolean masqueradeAll, List<Cidr> nodePortAddresses) {

  /** Pods are known by the node's pod CIDR, everything else is at its default. */
  static final Situation USUAL = of(new LocalPods.Networks(BehaviourLab.LOCAL_PODS));

  Situation {
    nodePortAddresses = List.copyOf(nodePortAddresses);
  }

  static Situation of(LocalPods localPods) {
    return new Situation(localPods, false, List.of());
  }

  ServiceNode node() {
    return new ServiceNode(
        Variant.NODE_NAME,
        null,
        BehaviourLab.nodeAddresses(),
        !(localPods instanceof LocalPods.Unknown),
        masqueradeAll);
  }

  ServiceSettings settings() {
    return new ServiceSettings(
        localPods,
        nodePortAddresses,
        BehaviourLab.CLUSTER_IPS,
        ServiceSettings.DEFAULT_MASQUERADE_MARK);
  }
}
