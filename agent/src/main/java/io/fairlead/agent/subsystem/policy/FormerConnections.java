package io.fairlead.agent.subsystem.policy;

import io.fairlead.dataplane.model.IpAddress;
import java.io.IOException;
import java.util.Collection;

/**
 * The connections that the kernel remembers of an address's former owners: they would pass for
 * connections of the next one. Called by several threads at once.
 */
interface FormerConnections {

  /**
   * Returns when there are none. Called when the kernel enforces the next owner's policies, and
   * before that owner can use its addresses.
   *
   * @throws IOException if there may be some
   */
  void occupy(Collection<IpAddress> addresses) throws IOException;

  /**
   * Has the connections of addresses forgotten soon that nobody holds any more. Called when the
   * kernel shuts them in; returns at once.
   */
  void release(Collection<IpAddress> addresses);
}
