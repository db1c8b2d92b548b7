package io.fairlead.agent.subsystem.policy;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.policy.enforcement.EnforcementChange;
import java.util.List;
import java.util.Set;

/**
 * Something that follows what the kernel enforces. Called on the reconciling thread when the kernel
 * holds what was committed: must be quick, and leaves longer work to threads of its own.
 */
@FunctionalInterface
interface EnforcementFollower extends AutoCloseable {

  /** The kernel enforces a change; changes come in their order. */
  void enforced(EnforcementChange change);

  /**
   * The kernel shuts in whoever is not let in, in these networks: at first, and when they change.
   *
   * @param networks where pods of this node have their addresses
   * @param held the addresses that pods have, let in or not
   */
  default void shutIn(List<Cidr> networks, Set<IpAddress> held) {}

  @Override
  default void close() {}
}
