package io.fairlead.dataplane.policy.enforcement;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.policy.enforcement.EnforcementChange.Delta;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What somebody knows who is only told of changes, and that nothing is told in vain. */
final class Mirror {

  final Map<IpAddress, Subject> subjects = new HashMap<>();
  final Map<ObjectKey, NetworkPolicyRecord> policies = new HashMap<>();
  final Map<PeerSelector, Set<IpAddress>> selectors = new HashMap<>();
  final Map<PortName, Set<PodPort>> ports = new HashMap<>();

  /** Takes over a change that was told last. */
  void apply(EnforcementChange change, Enforcement told) {
    for (IpAddress address : change.subjects()) {
      Subject now = told.subject(address);
      assertThat(put(subjects, address, now)).as("subject %s", address).isNotEqualTo(now);
    }
    for (ObjectKey key : change.policies()) {
      NetworkPolicyRecord now = told.policies().get(key);
      assertThat(put(policies, key, now)).as("policy %s", key).isNotEqualTo(now);
    }
    change.selectors().forEach((selector, delta) -> apply(selectors, selector, delta));
    change.portNames().forEach((name, delta) -> apply(ports, name, delta));
  }

  private static <K, V> @Nullable V put(Map<K, V> map, K key, @Nullable V value) {
    return value == null ? map.remove(key) : map.put(key, value);
  }

  private static <K, T> void apply(Map<K, Set<T>> sets, K key, Delta<T> delta) {
    Set<T> set = sets.computeIfAbsent(key, _ -> new HashSet<>());
    assertThat(delta.added().isEmpty() && delta.removed().isEmpty()).as("%s", key).isFalse();
    delta.added().forEach(item -> assertThat(set.add(item)).as("%s: %s", key, item).isTrue());
    delta.removed().forEach(item -> assertThat(set.remove(item)).as("%s: %s", key, item).isTrue());
    if (set.isEmpty()) {
      sets.remove(key);
    }
  }

  /** Whether that is all there is. */
  void equalsState(NaiveState state) {
    assertThat(subjects).isEqualTo(state.subjects());
    assertThat(policies).isEqualTo(state.activePolicies());
    assertThat(selectors).isEqualTo(withoutEmpty(state.members()));
    assertThat(ports).isEqualTo(withoutEmpty(state.ports()));
  }

  private static <K, T> Map<K, Set<T>> withoutEmpty(Map<K, Set<T>> sets) {
    Map<K, Set<T>> some = new HashMap<>(sets);
    some.values().removeIf(Set::isEmpty);
    return some;
  }
}
