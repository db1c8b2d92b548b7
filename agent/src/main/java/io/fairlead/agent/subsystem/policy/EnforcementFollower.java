package io.fairlead.agent.subsystem.policy;

import io.fairlead.dataplane.policy.enforcement.EnforcementChange;

/**
 * Something that follows what the kernel enforces. Called on the reconciling thread when the kernel
 * holds what was committed: must be quick, and leaves longer work to threads of its own.
 */
@FunctionalInterface
interface EnforcementFollower extends AutoCloseable {

  /** The kernel enforces a change; changes come in their order. */
  void enforced(EnforcementChange change);

  @Override
  default void close() {}
}
