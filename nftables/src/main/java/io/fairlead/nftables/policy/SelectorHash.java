package io.fairlead.nftables.policy;

import io.fairlead.dataplane.model.LabelSelector;
import org.jspecify.annotations.Nullable;

/** Label selectors as a part of what is hashed. */
final class SelectorHash {

  private SelectorHash() {}

  /** Null and the selector of everything are different. */
  static void add(ContentHash hash, @Nullable LabelSelector selector) {
    if (selector == null) {
      hash.add(-1);
      return;
    }
    hash.add(selector.requirements().size());
    for (LabelSelector.Requirement requirement : selector.requirements()) {
      hash.add(requirement.key()).add(requirement.operator().name());
      hash.add(requirement.values().size());
      requirement.values().forEach(hash::add);
    }
  }
}
