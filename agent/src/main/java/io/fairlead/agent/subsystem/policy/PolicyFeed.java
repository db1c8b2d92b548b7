package io.fairlead.agent.subsystem.policy;

import io.fairlead.agent.loop.DirtyKeys;
import io.fairlead.agent.loop.PolicyObjects;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.policy.enforcement.Enforcement;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Carries records into an Enforcement. It remembers which ones it has, because when everything is
 * dirty nobody says what is gone. For the reconciling thread.
 */
final class PolicyFeed {

  private final Enforcement enforcement;
  private final Set<ObjectKey> pods = new HashSet<>();
  private final Set<String> namespaces = new HashSet<>();
  private final Set<ObjectKey> policies = new HashSet<>();

  PolicyFeed(Enforcement enforcement) {
    this.enforcement = enforcement;
  }

  /** Brings the Enforcement up to date, as far as the keys say that it is not. */
  void feed(PolicyObjects objects, DirtyKeys dirty) {
    Consumer<String> namespace =
        key -> {
          note(namespaces, key, objects.namespace(key) != null);
          enforcement.namespace(key, objects.namespace(key));
        };
    Consumer<ObjectKey> policy =
        key -> {
          note(policies, key, objects.networkPolicy(key) != null);
          enforcement.policy(key, objects.networkPolicy(key));
        };
    Consumer<ObjectKey> pod =
        key -> {
          note(pods, key, objects.pod(key) != null);
          enforcement.pod(key, objects.pod(key));
        };
    if (dirty.everything()) {
      union(namespaces, objects.namespaces(), record -> record.name()).forEach(namespace);
      union(policies, objects.networkPolicies(), record -> record.key()).forEach(policy);
      union(pods, objects.pods(), record -> record.key()).forEach(pod);
    } else {
      dirty.namespaces().forEach(namespace);
      dirty.networkPolicies().forEach(policy);
      dirty.pods().forEach(pod);
    }
  }

  private static <K> void note(Set<K> known, K key, boolean exists) {
    if (exists) {
      known.add(key);
    } else {
      known.remove(key);
    }
  }

  private static <K, R> Set<K> union(
      Set<K> known, Collection<R> records, Function<R, K> keyOfRecord) {
    Set<K> union = new HashSet<>(known);
    records.forEach(record -> union.add(keyOfRecord.apply(record)));
    return union;
  }
}
