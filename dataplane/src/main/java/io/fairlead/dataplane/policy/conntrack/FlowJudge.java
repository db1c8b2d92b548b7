package io.fairlead.dataplane.policy.conntrack;

import io.fairlead.dataplane.policy.Flow;
import java.util.Set;
import java.util.concurrent.Future;

/** Judges flows by policies, on the thread that owns what is known of them. Thread-safe. */
@FunctionalInterface
public interface FlowJudge {

  /**
   * Has flows judged soon, and returns at once.
   *
   * @return those of {@code flows} that policies deny at an end that is on this node; a failure is
   *     tried again later
   */
  Future<Set<Flow>> denied(Set<Flow> flows);
}
