package io.fairlead.dataplane.policy.enforcement;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Peer;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Port;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Rule;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PolicyDirection;
import io.fairlead.dataplane.policy.Flow;
import java.util.List;
import java.util.Objects;

/** What a node does with flows that knows nothing but what {@link Enforcement} tells. */
record NodeVerdict(Enforcement told) {

  /** Whether the end of the direction, which is let in, allows a flow. */
  boolean isAllowed(Flow flow, PolicyDirection direction) {
    boolean ingress = direction == PolicyDirection.INGRESS;
    IpAddress local = ingress ? flow.destination() : flow.source();
    IpAddress other = ingress ? flow.source() : flow.destination();
    Subject subject = Objects.requireNonNull(told.subject(local));
    List<ObjectKey> policies = subject.policies(direction);
    return flow.source().equals(flow.destination())
        || policies.isEmpty()
        || policies.stream().anyMatch(key -> allows(key, direction, flow, other));
  }

  private boolean allows(ObjectKey key, PolicyDirection direction, Flow flow, IpAddress other) {
    List<Rule> rules =
        Objects.requireNonNull(
            Objects.requireNonNull(told.policies().get(key), key + " is not active")
                .rules(direction));
    return rules.stream()
        .anyMatch(rule ->
            (rule.peers() == null
                    || rule.peers().stream().anyMatch(peer -> means(key, peer, other)))
                && (rule.ports() == null
                    || rule.ports().stream().anyMatch(port -> means(port, direction, flow))));
  }

  private boolean means(ObjectKey policy, Peer peer, IpAddress other) {
    return switch (peer) {
      case Peer.Block block -> block.contains(other);
      case Peer.Pods pods -> {
        PeerSelector selector = PeerSelector.of(policy.namespace(), pods);
        yield told.members(selector).contains(other);
      }
    };
  }

  private boolean means(Port port, PolicyDirection direction, Flow flow) {
    return port.protocol().number() == flow.protocol()
        && switch (port) {
          case Port.Range range ->
              range.first() <= flow.destinationPort() && flow.destinationPort() <= range.last();
          case Port.Named named ->
              told.members(new PortName(direction, named.protocol(), named.name()))
                  .contains(new PodPort(flow.destination(), flow.destinationPort()));
        };
  }
}
