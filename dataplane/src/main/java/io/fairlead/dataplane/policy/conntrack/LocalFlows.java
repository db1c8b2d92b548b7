package io.fairlead.dataplane.policy.conntrack;

import io.fairlead.dataplane.policy.Decision;
import io.fairlead.dataplane.policy.Flow;
import io.fairlead.dataplane.policy.PolicyEvaluator;
import io.fairlead.dataplane.policy.enforcement.Enforcement;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Judges flows as this node does: egress where the source is a pod of this node, ingress where the
 * destination is one. The other end's node judges the other end. For the thread that owns the
 * {@link Enforcement}.
 */
public final class LocalFlows {

  private final Enforcement enforcement;
  private final PolicyEvaluator evaluator;

  public LocalFlows(Enforcement enforcement) {
    this.enforcement = enforcement;
    this.evaluator = new PolicyEvaluator(enforcement);
  }

  /** Those of {@code flows} that this node denies. */
  public Set<Flow> denied(Set<Flow> flows) {
    Set<Flow> denied = new LinkedHashSet<>();
    for (Flow flow : flows) {
      if (isDenied(flow)) {
        denied.add(flow);
      }
    }
    return denied;
  }

  private boolean isDenied(Flow flow) {
    boolean leavesPod = enforcement.subject(flow.source()) != null;
    boolean entersPod = enforcement.subject(flow.destination()) != null;
    if (!leavesPod && !entersPod) {
      return false;
    }
    Decision decision = evaluator.evaluate(leavesPod ? fromPod(flow) : flow);
    return (leavesPod && !decision.egress().isAllowed())
        || (entersPod && !decision.ingress().isAllowed());
  }

  /** A pod is not its node, even if the node should have the pod's address, too. */
  private static Flow fromPod(Flow flow) {
    return new Flow(
        Flow.Origin.NETWORK,
        flow.source(),
        flow.destination(),
        flow.protocol(),
        flow.destinationPort());
  }
}
