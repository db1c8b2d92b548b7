package io.fairlead.dataplane.policy;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Labels;
import io.fairlead.dataplane.model.NamespaceRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Peer;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Port;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Rule;
import io.fairlead.dataplane.model.PodRecord;
import io.fairlead.dataplane.model.PolicyDirection;

/** Whether a rule allows a flow. */
record RuleMatch(ClusterPolicies cluster) {

  boolean allows(NetworkPolicyRecord policy, PolicyDirection direction, Rule rule, Flow flow) {
    IpAddress other =
        switch (direction) {
          case INGRESS -> flow.source();
          case EGRESS -> flow.destination();
        };
    return (rule.peers() == null
            || rule.peers().stream().anyMatch(peer -> means(policy, peer, other)))
        && (rule.ports() == null
            || rule.ports().stream().anyMatch(port -> means(direction, port, flow)));
  }

  private boolean means(NetworkPolicyRecord policy, Peer peer, IpAddress other) {
    return switch (peer) {
      case Peer.Block block -> block.contains(other);
      case Peer.Pods pods -> {
        PodRecord pod = cluster.peer(other);
        yield pod != null && pods.pods().matches(pod.labels()) && isIn(pod, policy, pods);
      }
    };
  }

  private boolean isIn(PodRecord pod, NetworkPolicyRecord policy, Peer.Pods peer) {
    String namespace = pod.key().namespace();
    return peer.namespaces() == null
        ? namespace.equals(policy.key().namespace())
        : peer.namespaces().matches(labels(namespace));
  }

  private Labels labels(String namespace) {
    NamespaceRecord known = cluster.namespace(namespace);
    return known == null ? NamespaceRecord.unknown(namespace).labels() : known.labels();
  }

  private boolean means(PolicyDirection direction, Port port, Flow flow) {
    if (port.protocol().number() != flow.protocol()) {
      return false;
    }
    return switch (port) {
      case Port.Range range ->
          range.first() <= flow.destinationPort() && flow.destinationPort() <= range.last();
      case Port.Named named -> {
        PodRecord pod =
            switch (direction) {
              case INGRESS -> cluster.pod(flow.destination());
              case EGRESS -> cluster.peer(flow.destination());
            };
        yield pod != null
            && pod.ports().stream()
                .anyMatch(each ->
                    each.name().equals(named.name())
                        && each.protocol() == named.protocol()
                        && each.port() == flow.destinationPort());
      }
    };
  }
}
