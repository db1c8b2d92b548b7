package io.fairlead.agent.subsystem.service;

import io.fairlead.agent.loop.ClusterView;
import io.fairlead.dataplane.service.ServiceChange;
import java.util.Collection;
import java.util.List;

/**
 * Something that follows what the kernel serves. Called on the reconciling thread when the kernel
 * holds what was committed: must be quick, and leaves longer work to threads of its own.
 */
interface ServiceFollower extends AutoCloseable {

  /**
   * The kernel serves what the changes lead to.
   *
   * @param changes one for each Service that changed since the last call
   * @param view shows those Services as they were committed
   */
  void committed(Collection<ServiceChange> changes, ClusterView view);

  /**
   * The kernel serves again after somebody else changed its rules, links or routes: what began
   * meanwhile may not have been translated, or for another way.
   */
  default void repaired() {}

  /** What does not work at present, as sentences. */
  default List<String> problems() {
    return List.of();
  }

  @Override
  default void close() {}
}
