package io.fairlead.agent.why;

import io.fairlead.dataplane.evidence.KernelObject;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PodRecord;
import io.fairlead.dataplane.model.PolicyDirection;
import io.fairlead.dataplane.policy.ClusterPolicies;
import io.fairlead.dataplane.policy.Decision;
import io.fairlead.dataplane.policy.Flow;
import io.fairlead.dataplane.policy.Judgement;
import io.fairlead.dataplane.policy.PolicyEvaluator;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What NetworkPolicies say at both ends. They see the endpoint's address, never a Service's. */
record PolicySteps(NodeFacts facts, Evidence evidence) {

  List<Step> of(Packet packet, Target target) {
    ClusterPolicies policies = facts.policies().orElse(null);
    if (policies == null) {
      return List.of();
    }
    List<Step> steps = new ArrayList<>();
    PolicyEvaluator evaluator = new PolicyEvaluator(policies);
    if (packet.source() instanceof Party.OfPod pod) {
      Judgement judgement =
          evaluator
              .evaluate(flow(packet, target, packet.sourceAddress(), Flow.Origin.NETWORK))
              .egress();
      steps.add(
          step(PolicyDirection.EGRESS, judgement, pod, packet.sourceAddress(), target.address()));
    }
    if (target.party() instanceof Party.OfPod pod) {
      // Judged on the pod's node: there the source may be the node's that replaced it elsewhere.
      IpAddress source =
          isJudgedHere(packet, target) ? packet.sourceAddress() : target.seenSource();
      Decision decision = evaluator.evaluate(flow(packet, target, source, origin(packet, target)));
      steps.add(step(PolicyDirection.INGRESS, decision.ingress(), pod, target.address(), source));
    }
    return steps;
  }

  /** Where the node that replaces the source is the destination's own: it judges before. */
  private static boolean isJudgedHere(Packet packet, Target target) {
    return packet.entry() != null && packet.entry().equals(target.node());
  }

  private static Flow.Origin origin(Packet packet, Target target) {
    return packet.isFromEntry() && isJudgedHere(packet, target)
        ? Flow.Origin.OWN_NODE
        : Flow.Origin.NETWORK;
  }

  private static Flow flow(Packet packet, Target target, IpAddress source, Flow.Origin origin) {
    return new Flow(
        origin,
        source,
        target.address(),
        packet.transport().number(target.address().family()),
        packet.transport() == Transport.ICMP ? icmpPort(target) : target.port());
  }

  /** Of ICMPv6 the type counts: an echo request has 128 (RFC 4443, section 4.1). */
  private static int icmpPort(Target target) {
    return switch (target.address().family()) {
      case IPV4 -> Flow.NO_PORT;
      case IPV6 -> 128;
    };
  }

  private Step step(
      PolicyDirection direction,
      Judgement judgement,
      Party.OfPod pod,
      IpAddress own,
      IpAddress peer) {
    Stage stage =
        switch (direction) {
          case INGRESS -> Stage.INGRESS_POLICY;
          case EGRESS -> Stage.EGRESS_POLICY;
        };
    LocalPod local = pod.local();
    ObjectKey policy = judgement instanceof Judgement.Allowed allowed ? allowed.policy() : null;
    List<KernelObject> kernel =
        local == null
            ? List.of()
            : evidence.of(() -> facts.kernel().policy(own, direction, policy, peer));
    if (local != null && !local.state().equals("attached")) {
      return Step.stops(
          stage,
          local.state().equals("waiting")
              ? pod + " is not let in yet: its policies are not in the kernel so far"
              : pod + " is " + local.state(),
          kernel);
    }
    String sentence = sentence(direction, judgement, pod);
    return judgement.isAllowed()
        ? Step.passes(stage, sentence, kernel).judgedByKernel()
        : Step.stops(stage, sentence, kernel).with(List.of(asSeen(peer)));
  }

  /** Who the other end is to policies: mostly it is a label that is missing. */
  private String asSeen(IpAddress peer) {
    ClusterPolicies policies = facts.policies().orElse(null);
    PodRecord pod = policies == null ? null : policies.peer(peer);
    return pod == null
        ? "to policies " + peer + " is no pod: only an ipBlock can allow it"
        : "to policies " + peer + " is pod " + pod.key() + " with the labels " + pod.labels();
  }

  private static String sentence(PolicyDirection direction, Judgement judgement, Party.OfPod pod) {
    String word =
        switch (direction) {
          case INGRESS -> "ingress";
          case EGRESS -> "egress";
        };
    return switch (judgement) {
      case Judgement.NotIsolated() -> "no NetworkPolicy selects " + pod + " for " + word;
      case Judgement.Exempt(Judgement.Reason reason) ->
          switch (reason) {
            case ITSELF -> "a pod may always reach itself";
            case OWN_NODE -> "a pod's own node may always reach it";
            case NEIGHBOUR_DISCOVERY -> "neighbour discovery is never denied";
          };
      case Judgement.Allowed(ObjectKey policy, int rule) ->
          "NetworkPolicy " + policy + " allows it: spec." + word + "[" + rule + "]";
      case Judgement.Denied(List<ObjectKey> policies) ->
          (policies.size() == 1 ? "NetworkPolicy " : "NetworkPolicies ")
              + policies.stream().map(ObjectKey::toString).collect(Collectors.joining(", "))
              + (policies.size() == 1 ? " selects " : " select ")
              + pod
              + " for "
              + word
              + ", and no rule allows it";
    };
  }
}
