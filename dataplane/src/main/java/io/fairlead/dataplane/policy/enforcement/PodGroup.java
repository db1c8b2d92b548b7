package io.fairlead.dataplane.policy.enforcement;

import io.fairlead.dataplane.model.IpAddress;
import java.util.HashSet;
import java.util.Set;

/** Addresses of pods that no policy can tell apart. Groups are equal if they are the same. */
sealed class PodGroup permits LocalGroup, PeerGroup {

  private final PodTraits traits;
  private final Set<IpAddress> addresses = HashSet.newHashSet(2);

  PodGroup(PodTraits traits) {
    this.traits = traits;
  }

  PodTraits traits() {
    return traits;
  }

  /** To be changed only by who keeps the group. */
  Set<IpAddress> addresses() {
    return addresses;
  }
}
