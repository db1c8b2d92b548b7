package io.fairlead.agent.config;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.service.LocalPods;
import java.util.List;

/** By what packets of this node's pods are told from others, where Services treat them apart. */
public sealed interface DetectLocal {

  /** By the node's pod CIDRs. */
  record NodeCidr() implements DetectLocal {}

  /** By {@code cluster-cidr}: pods of other nodes pass for local ones. */
  record ClusterCidr() implements DetectLocal {}

  /** By coming through the bridge that pods are attached to. */
  record Bridge() implements DetectLocal {}

  /** By the beginning of the name of the interface that they come through. */
  record InterfacePrefix(String prefix) implements DetectLocal {}

  /** Not at all. */
  record None() implements DetectLocal {}

  /**
   * What backends look at. Networks that are not known yet are unknown pods, not none: otherwise
   * the pods would be taken for strangers.
   *
   * @param nodeCidrs the node's pod CIDRs; empty until they are assigned
   */
  default LocalPods localPods(List<Cidr> nodeCidrs, List<Cidr> clusterCidrs, String bridge) {
    return switch (this) {
      case NodeCidr() -> networks(nodeCidrs);
      case ClusterCidr() -> networks(clusterCidrs);
      case Bridge() -> new LocalPods.Interface(bridge);
      case InterfacePrefix(String prefix) -> new LocalPods.InterfacePrefix(prefix);
      case None() -> new LocalPods.Unknown();
    };
  }

  private static LocalPods networks(List<Cidr> cidrs) {
    return cidrs.isEmpty() ? new LocalPods.Unknown() : new LocalPods.Networks(cidrs);
  }
}
