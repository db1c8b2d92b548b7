package io.fairlead.nftables.policy;

import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PolicyDirection;
import java.util.Map;

/**
 * What the kernel has counted.
 *
 * @param allowed packets that began a connection and that a policy's rules allowed
 * @param denied packets that no rule of the policy, or of any other that selects the pod, allowed:
 *     each counts for all policies that select it
 * @param shutIn packets from and to addresses of pods that were not let in (yet)
 */
public record PolicyCounters(Map<Key, Long> allowed, Map<Key, Long> denied, long shutIn) {

  /** A policy in one direction. */
  public record Key(ObjectKey policy, PolicyDirection direction) {}

  public PolicyCounters {
    allowed = Map.copyOf(allowed);
    denied = Map.copyOf(denied);
  }
}
