package io.fairlead.dataplane.policy;

import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Rule;
import io.fairlead.dataplane.model.PodRecord;
import io.fairlead.dataplane.model.PolicyDirection;
import io.fairlead.dataplane.policy.Judgement.Reason;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Judges flows straight from the records, one after the other: slow, plain, and independent of how
 * the kernel is made to do it, so that the two can be compared. Stateless but for what it reads.
 */
public final class PolicyEvaluator {

  private final ClusterPolicies cluster;
  private final RuleMatch match;

  public PolicyEvaluator(ClusterPolicies cluster) {
    this.cluster = cluster;
    this.match = new RuleMatch(cluster);
  }

  /** Judges a flow in both directions. */
  public Decision evaluate(Flow flow) {
    if (flow.source().equals(flow.destination())) {
      return exempt(Reason.ITSELF);
    }
    if (flow.isNeighbourDiscovery()) {
      return exempt(Reason.NEIGHBOUR_DISCOVERY);
    }
    return switch (flow.origin()) {
      case NETWORK ->
          new Decision(
              judge(flow, PolicyDirection.EGRESS, cluster.pod(flow.source())),
              judge(flow, PolicyDirection.INGRESS, cluster.pod(flow.destination())));
      case OWN_NODE ->
          new Decision(new Judgement.NotIsolated(), new Judgement.Exempt(Reason.OWN_NODE));
    };
  }

  private static Decision exempt(Reason reason) {
    return new Decision(new Judgement.Exempt(reason), new Judgement.Exempt(reason));
  }

  private Judgement judge(Flow flow, PolicyDirection direction, @Nullable PodRecord pod) {
    List<NetworkPolicyRecord> policies = pod == null ? List.of() : isolating(pod, direction);
    if (policies.isEmpty()) {
      return new Judgement.NotIsolated();
    }
    for (NetworkPolicyRecord policy : policies) {
      List<Rule> rules = policy.rules(direction);
      for (int i = 0; rules != null && i < rules.size(); i++) {
        if (match.allows(policy, direction, rules.get(i), flow)) {
          return new Judgement.Allowed(policy.key(), i);
        }
      }
    }
    return new Judgement.Denied(policies.stream().map(NetworkPolicyRecord::key).toList());
  }

  private List<NetworkPolicyRecord> isolating(PodRecord pod, PolicyDirection direction) {
    return cluster.policies(pod.key().namespace()).stream()
        .filter(policy -> policy.rules(direction) != null && policy.pods().matches(pod.labels()))
        .sorted(Comparator.comparing(NetworkPolicyRecord::key))
        .toList();
  }
}
