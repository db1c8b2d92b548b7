package io.fairlead.nftables.policy;

import io.fairlead.dataplane.netlink.nftables.NfCounter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Brings the kernel's counters together with what they are for. */
final class CounterReading {

  private CounterReading() {}

  static PolicyCounters of(List<NfCounter> counters, PolicyState state) {
    Map<String, Long> packets = new HashMap<>();
    counters.forEach(counter -> packets.put(counter.name(), counter.packets()));
    Map<PolicyCounters.Key, Long> allowed = new HashMap<>();
    for (PolicyCounters.Key key : state.policies()) {
      Long count = packets.get(PolicyNames.chain(key.direction(), key.policy()));
      allowed.put(key, count == null ? 0 : count);
    }
    Map<PolicyCounters.Key, Long> denied = new HashMap<>();
    for (Combination combination : state.combinations()) {
      long count = packets.getOrDefault(combination.name(), 0L);
      combination
          .policies()
          .forEach(policy ->
              denied.merge(
                  new PolicyCounters.Key(policy, combination.direction()), count, Long::sum));
    }
    return new PolicyCounters(allowed, denied, packets.getOrDefault(PolicyTable.SHUT_IN, 0L));
  }
}
