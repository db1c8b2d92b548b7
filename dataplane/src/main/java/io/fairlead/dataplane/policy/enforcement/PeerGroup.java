package io.fairlead.dataplane.policy.enforcement;

import java.util.HashSet;
import java.util.Set;

/** Pods as the peers of others: the same selectors mean them all. */
final class PeerGroup extends PodGroup {

  private final Set<UsedSelector> selectors = HashSet.newHashSet(2);

  PeerGroup(PodTraits traits) {
    super(traits);
  }

  /** To be changed only by {@link UsedSelector}. */
  Set<UsedSelector> selectors() {
    return selectors;
  }
}
