/**
 * NetworkPolicies with packets: nine pods ask each other by every protocol, through their addresses
 * and through Services, and each answer is compared with what {@link
 * io.fairlead.dataplane.policy.PolicyEvaluator} says.
 */
@NullMarked
package io.fairlead.bench.policy.matrix;

import org.jspecify.annotations.NullMarked;
