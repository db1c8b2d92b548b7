package io.fairlead.dataplane.policy.enforcement;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PolicyDirection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What subjects and policies were before, where they are another now: who of them may be allowed
 * less.
 *
 * @param now how subjects are isolated now
 * @param subjects how those that are isolated otherwise were isolated
 * @param active the policies that are active now
 * @param policies what those that are another were
 */
record Changes(
    LocalSubjects now,
    Map<IpAddress, Optional<Subject>> subjects,
    Map<ObjectKey, NetworkPolicyRecord> active,
    Map<ObjectKey, Optional<NetworkPolicyRecord>> policies) {

  /** Those that are let in no more, have other policies, or policies that say otherwise. */
  Set<IpAddress> narrowed() {
    Set<IpAddress> narrowed = new HashSet<>();
    subjects.forEach((address, before) -> {
      Subject after = now.subject(address);
      if (before.isPresent() && (after == null || Narrowing.isNarrower(after, before.get()))) {
        narrowed.add(address);
      }
    });
    policies.forEach((key, before) -> {
      NetworkPolicyRecord after = active.get(key);
      if (before.isPresent() && after != null) {
        narrowed(before.get(), after, narrowed);
      }
    });
    return narrowed;
  }

  private void narrowed(
      NetworkPolicyRecord before, NetworkPolicyRecord after, Set<IpAddress> narrowed) {
    for (PolicyDirection direction : PolicyDirection.values()) {
      if (!Narrowing.isNarrower(after.rules(direction), before.rules(direction))) {
        continue;
      }
      for (LocalGroup group : now.in(after.key().namespace())) {
        if (group.subject().isIsolatedBy(after.key(), direction)) {
          for (IpAddress address : group.addresses()) {
            Subject former = former(address, group.subject());
            if (former != null && former.isIsolatedBy(after.key(), direction)) {
              narrowed.add(address);
            }
          }
        }
      }
    }
  }

  private @Nullable Subject former(IpAddress address, Subject present) {
    Optional<Subject> changed = subjects.get(address);
    return changed == null ? present : changed.orElse(null);
  }
}
