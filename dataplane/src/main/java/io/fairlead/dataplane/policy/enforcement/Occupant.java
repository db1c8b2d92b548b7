package io.fairlead.dataplane.policy.enforcement;

import io.fairlead.dataplane.model.PodRecord;
import org.jspecify.annotations.Nullable;

/**
 * Whose an address is, as policies see it.
 *
 * @param pod null if it is nobody's, of no pod of Kubernetes, or of a pod still unknown
 * @param admitted whether it is an address of this node that is let in
 * @param peer whether selectors and named ports of others mean the pod
 */
record Occupant(@Nullable PodRecord pod, boolean admitted, boolean peer) {

  static final Occupant NOBODY = new Occupant(null, false, false);

  /** An interface that is none of Kubernetes' pods. */
  static final Occupant STRANGER = new Occupant(null, true, false);

  /** A pod of this node. */
  static Occupant local(PodRecord pod) {
    return new Occupant(pod, true, true);
  }

  /** A pod of this node that the API has forgotten: isolated as it was until it ends. */
  static Occupant leaving(PodRecord pod) {
    return new Occupant(pod, true, false);
  }

  /** A pod of another node. */
  static Occupant remote(PodRecord pod) {
    return new Occupant(pod, false, true);
  }

  /** What policies select it by; null if it is not let in on this node. */
  @Nullable PodTraits subjectTraits() {
    if (!admitted) {
      return null;
    }
    return pod == null ? PodTraits.STRANGER : PodTraits.of(pod);
  }

  /** What peers mean it by; null if they cannot. */
  @Nullable PodTraits peerTraits() {
    return peer && pod != null ? PodTraits.of(pod) : null;
  }
}
