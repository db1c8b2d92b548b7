/**
 * What NetworkPolicies mean: {@link io.fairlead.dataplane.policy.PolicyEvaluator} judges single
 * flows, and {@code enforcement} keeps what a node has to enforce, at a cost of what changes.
 */
@NullMarked
package io.fairlead.dataplane.policy;

import org.jspecify.annotations.NullMarked;
