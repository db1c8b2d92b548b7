package io.fairlead.agent.subsystem.policy;

import io.fairlead.dataplane.model.IpAddress;
import java.util.Set;

/**
 * Told whose egress policies judge. They know pods by their addresses, so these pods must not send
 * with any others.
 */
@FunctionalInterface
public interface EgressIsolation {

  /**
   * The kernel enforces this now. On the reconciling thread; must be quick.
   *
   * @param isolated addresses of this node's pods whose egress policies judge
   * @param free addresses whose egress none judges, or that are nobody's any more
   */
  void changed(Set<IpAddress> isolated, Set<IpAddress> free);
}
