package io.fairlead.agent.subsystem.policy.flow;

import io.fairlead.agent.subsystem.policy.flow.DeniedFlow.End;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PodRecord;
import io.fairlead.dataplane.model.PolicyDirection;
import io.fairlead.dataplane.netlink.MalformedMessageException;
import io.fairlead.dataplane.netlink.conntrack.ConntrackTuple;
import io.fairlead.dataplane.netlink.log.LoggedPacket;
import io.fairlead.dataplane.netlink.log.PacketHeaders;
import io.fairlead.dataplane.policy.Decision;
import io.fairlead.dataplane.policy.Flow;
import io.fairlead.dataplane.policy.Judgement;
import io.fairlead.dataplane.policy.PolicyEvaluator;
import io.fairlead.dataplane.policy.enforcement.Enforcement;
import io.fairlead.nftables.policy.DenialPrefix;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Says of denied packets whose they are and why they were denied, by what is known now. For the
 * thread that owns the {@link Enforcement}.
 */
final class FlowExplainer {

  private final Enforcement enforcement;
  private final PolicyEvaluator evaluator;

  FlowExplainer(Enforcement enforcement) {
    this.enforcement = enforcement;
    this.evaluator = new PolicyEvaluator(enforcement);
  }

  /**
   * Explains a packet.
   *
   * @throws MalformedMessageException if it is no IP packet, or not reported by our table
   */
  DeniedFlow explain(LoggedPacket packet) throws MalformedMessageException {
    DenialPrefix prefix = DenialPrefix.parse(packet.prefix());
    if (prefix == null) {
      throw new MalformedMessageException(
          "another rule reports packets to fairlead's NFLOG group, with the prefix \""
              + packet.prefix()
              + "\"; give it another group");
    }
    PacketHeaders headers = PacketHeaders.of(packet.payload());
    List<ObjectKey> policies = prefix.shutIn() ? List.of() : policies(prefix.direction(), headers);
    return new DeniedFlow(
        Objects.requireNonNullElseGet(packet.time(), Instant::now).toString(),
        prefix.direction().text(),
        end(headers.source(), headers.sourcePort()),
        end(headers.destination(), headers.destinationPort()),
        ConntrackTuple.protocolName(headers.protocol()),
        policies.stream().map(ObjectKey::toString).toList(),
        reason(prefix, policies));
  }

  private End end(IpAddress address, int port) {
    PodRecord pod = enforcement.pod(address);
    return new End(address.toString(), port, pod == null ? "" : pod.key().toString());
  }

  /** The policies that deny it; none if no policy does by now. */
  private List<ObjectKey> policies(PolicyDirection direction, PacketHeaders headers) {
    // What comes from the pod's own node is never denied.
    Decision decision =
        evaluator.evaluate(
            new Flow(
                Flow.Origin.NETWORK,
                headers.source(),
                headers.destination(),
                headers.protocol(),
                headers.destinationPort()));
    Judgement judgement =
        switch (direction) {
          case INGRESS -> decision.ingress();
          case EGRESS -> decision.egress();
        };
    return judgement instanceof Judgement.Denied denied ? denied.policies() : List.of();
  }

  private static String reason(DenialPrefix prefix, List<ObjectKey> policies) {
    if (prefix.shutIn()) {
      return "the pod is not let in yet";
    }
    if (policies.isEmpty()) {
      return "policies denied it then, and allow it by now";
    }
    return policies.stream()
        .map(ObjectKey::toString)
        .collect(Collectors.joining(", ", "no rule of ", " allows it"));
  }
}
