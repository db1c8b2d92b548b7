package io.fairlead.dataplane.policy;

import io.fairlead.dataplane.model.ObjectKey;
import java.util.List;

/** What policies say of a flow in one direction, and why. */
public sealed interface Judgement {

  default boolean isAllowed() {
    return !(this instanceof Denied);
  }

  /** There is no pod at this end that policies could select, or none selects it. */
  record NotIsolated() implements Judgement {}

  /** No policy is asked. */
  record Exempt(Reason reason) implements Judgement {}

  /** Why no policy is asked. */
  enum Reason {
    /** A pod may always reach itself. */
    ITSELF,
    /** A pod's own node may always reach it. */
    OWN_NODE,
    /** ICMPv6 types 133 to 137 (RFC 4861), without which no address is found. */
    NEIGHBOUR_DISCOVERY
  }

  /**
   * A rule allows it.
   *
   * @param policy the first that does, in the order of names
   * @param rule its first rule that does, counted from 0
   */
  record Allowed(ObjectKey policy, int rule) implements Judgement {}

  /**
   * Policies select the pod, and no rule of any allows it.
   *
   * @param policies these, in the order of names
   */
  record Denied(List<ObjectKey> policies) implements Judgement {
    public Denied {
      policies = List.copyOf(policies);
    }
  }
}
