package io.fairlead.dataplane.policy.conntrack;

import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PolicyDirection;
import io.fairlead.dataplane.policy.Decision;
import io.fairlead.dataplane.policy.Flow;
import io.fairlead.dataplane.policy.Judgement;
import io.fairlead.dataplane.policy.PolicyEvaluator;
import io.fairlead.dataplane.policy.enforcement.Enforcement;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
    return denial(flow) != null;
  }

  /**
   * Who denies a flow on this node.
   *
   * @param direction which end is isolated, its source's egress or its destination's ingress
   * @param policies that select the pod at that end, none of which allows it
   */
  public record Denial(PolicyDirection direction, List<ObjectKey> policies) {
    public Denial {
      policies = List.copyOf(policies);
    }
  }

  /** Who denies the flow on this node; null if nobody does. */
  public @Nullable Denial denial(Flow flow) {
    boolean leavesPod = enforcement.subject(flow.source()) != null;
    boolean entersPod = enforcement.subject(flow.destination()) != null;
    if (!leavesPod && !entersPod) {
      return null;
    }
    Decision decision = evaluator.evaluate(leavesPod ? fromPod(flow) : flow);
    if (leavesPod && decision.egress() instanceof Judgement.Denied(List<ObjectKey> policies)) {
      return new Denial(PolicyDirection.EGRESS, policies);
    }
    return entersPod && decision.ingress() instanceof Judgement.Denied(List<ObjectKey> policies)
        ? new Denial(PolicyDirection.INGRESS, policies)
        : null;
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
