package io.fairlead.nftables.policy;

import io.fairlead.dataplane.model.ObjectKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Policies that the kernel did not take, with a sentence each. They allow nothing, and are tried
 * again when they change or everything is looked at. Not thread-safe.
 */
final class BrokenPolicies {

  private final Map<ObjectKey, String> problems = new HashMap<>();

  boolean contains(ObjectKey policy) {
    return problems.containsKey(policy);
  }

  void add(ObjectKey policy, String problem) {
    problems.put(policy, problem);
  }

  /** They are to be tried again. */
  void removeAll(Collection<ObjectKey> policies) {
    problems.keySet().removeAll(policies);
  }

  void clear() {
    problems.clear();
  }

  /** A copy. */
  Map<ObjectKey, String> problems() {
    return Map.copyOf(problems);
  }

  /** Goes back to what {@link #problems} was. */
  void restore(Map<ObjectKey, String> before) {
    problems.clear();
    problems.putAll(before);
  }
}
