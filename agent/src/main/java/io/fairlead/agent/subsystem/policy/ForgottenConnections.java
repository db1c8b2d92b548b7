package io.fairlead.agent.subsystem.policy;

import io.fairlead.dataplane.model.IpAddress;
import java.io.IOException;
import java.util.List;

/**
 * Makes the kernel forget connections: what it remembers of the last pod with an address would pass
 * for a reply of the next one. Called by several threads at once, in the host's network namespace.
 */
@FunctionalInterface
public interface ForgottenConnections {

  /**
   * Returns when nothing is remembered of the connections of these addresses.
   *
   * @throws IOException if the kernel refuses
   */
  void forget(List<IpAddress> addresses) throws IOException;
}
