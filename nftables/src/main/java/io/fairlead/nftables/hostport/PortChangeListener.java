package io.fairlead.nftables.hostport;

import java.util.Collection;

/** Told what has come into force, in the order of the commits; must not wait. */
@FunctionalInterface
public interface PortChangeListener {

  /**
   * A commit is in the kernel.
   *
   * @param removed host ports that are no more
   * @param added host ports that were not there
   */
  void changed(Collection<PortForward> removed, Collection<PortForward> added);
}
