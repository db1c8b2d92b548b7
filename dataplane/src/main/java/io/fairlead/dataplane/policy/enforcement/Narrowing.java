package io.fairlead.dataplane.policy.enforcement;

import io.fairlead.dataplane.model.NetworkPolicyRecord.Peer;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Port;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Rule;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PolicyDirection;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether something may be allowed less than before. Selectors are taken for the same only if they
 * are equal, since who joined and left others is not known.
 */
final class Narrowing {

  private Narrowing() {}

  /** Whether a pod may be allowed less by other policies, provided that each allows what it did. */
  static boolean isNarrower(Subject after, Subject before) {
    for (PolicyDirection direction : PolicyDirection.values()) {
      List<ObjectKey> now = after.policies(direction);
      List<ObjectKey> then = before.policies(direction);
      if (!now.isEmpty() && (then.isEmpty() || !contains(now, then))) {
        return true;
      }
    }
    return false;
  }

  /** Whether sorted keys are all among other sorted keys. */
  private static boolean contains(List<ObjectKey> keys, List<ObjectKey> others) {
    int found = 0;
    for (int i = 0; i < keys.size() && found < others.size(); i++) {
      if (keys.get(i).equals(others.get(found))) {
        found++;
      }
    }
    return found == others.size();
  }

  /** Whether rules of a policy may allow less. One that does not isolate has none. */
  static boolean isNarrower(@Nullable List<Rule> after, @Nullable List<Rule> before) {
    if (after == null || before == null) {
      return false;
    }
    HashSet<Rule> kept = new HashSet<>(after);
    return !before.stream()
        .allMatch(old -> kept.contains(old) || after.stream().anyMatch(rule -> covers(rule, old)));
  }

  private static boolean covers(Rule rule, Rule old) {
    return coversPeers(rule.peers(), old.peers()) && coversPorts(rule.ports(), old.ports());
  }

  private static boolean coversPeers(@Nullable List<Peer> now, @Nullable List<Peer> then) {
    return now == null
        || (then != null
            && then.stream().allMatch(old -> now.stream().anyMatch(peer -> covers(peer, old))));
  }

  private static boolean covers(Peer peer, Peer old) {
    return peer.equals(old)
        || (peer instanceof Peer.Block now
            && old instanceof Peer.Block then
            && now.cidr().contains(then.cidr())
            && now.except().stream()
                .allMatch(hole ->
                    !hole.overlaps(then.cidr())
                        || then.except().stream().anyMatch(known -> known.contains(hole))));
  }

  private static boolean coversPorts(@Nullable List<Port> now, @Nullable List<Port> then) {
    return now == null
        || (then != null
            && then.stream().allMatch(old -> now.stream().anyMatch(port -> covers(port, old))));
  }

  private static boolean covers(Port port, Port old) {
    return port.equals(old)
        || (port instanceof Port.Range now
            && old instanceof Port.Range then
            && now.protocol() == then.protocol()
            && now.first() <= then.first()
            && then.last() <= now.last());
  }
}
