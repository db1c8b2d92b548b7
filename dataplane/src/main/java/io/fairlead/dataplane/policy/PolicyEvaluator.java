package io.fairlead.dataplane.policy;

/**
 * Judges flows straight from the records, one after the other: slow, plain, and independent of how
 * the kernel is made to do it, so that the two can be compared. Stateless but for what it reads.
 */
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"})
public final class PolicyEvaluator {

  private final ClusterPolicies cluster;

  public PolicyEvaluator(ClusterPolicies cluster) {
    this.cluster = cluster;
  }

  /** Judges a flow in both directions. */
  public Decision evaluate(Flow flow) {
    throw new UnsupportedOperationException(cluster + " " + flow);
  }
}
