package io.fairlead.dataplane.policy.enforcement;

import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PolicyDirection;
import java.util.Collections;
import java.util.List;

/**
 * How a pod of this node is isolated. Pods with equal lists share what the kernel holds for them.
 *
 * @param ingress the policies that select it in this direction, in the order of names; empty if it
 *     is not isolated
 * @param egress likewise
 */
public record Subject(List<ObjectKey> ingress, List<ObjectKey> egress) {

  /** A pod that no policy selects. */
  public static final Subject FREE = new Subject(List.of(), List.of());

  public Subject {
    ingress = List.copyOf(ingress);
    egress = List.copyOf(egress);
  }

  /** The policies that select it in a direction. */
  public List<ObjectKey> policies(PolicyDirection direction) {
    return switch (direction) {
      case INGRESS -> ingress;
      case EGRESS -> egress;
    };
  }

  /** Whether a policy selects it in a direction. */
  boolean isIsolatedBy(ObjectKey policy, PolicyDirection direction) {
    return Collections.binarySearch(policies(direction), policy) >= 0;
  }
}
