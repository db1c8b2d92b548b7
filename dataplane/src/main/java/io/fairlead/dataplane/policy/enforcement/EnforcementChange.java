package io.fairlead.dataplane.policy.enforcement;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.ObjectKey;
import java.util.Map;
import java.util.Set;

/**
 * What differs since the last time: keys whose present state {@link Enforcement} tells, and for
 * what may be large the members that came and went. Whatever is in {@code selectors} or {@code
 * portNames} is used by a policy that is there before or after.
 *
 * @param subjects addresses of pods of this node that are to be let in, out, or isolated otherwise
 * @param policies policies with subjects on this node, before or after, that are another now
 * @param selectors selectors in use before or after whose members changed; one that came into use
 *     brings all its members, and one that is no longer used loses them
 * @param portNames likewise, of named ports
 * @param narrowed addresses of pods of this node that may be allowed less than before, or are let
 *     in no more: their connections have to be judged again
 * @param departed addresses that are peers no more, wherever they are: connections of this node's
 *     isolated pods with them have to be judged again
 */
public record EnforcementChange(
    Set<IpAddress> subjects,
    Set<ObjectKey> policies,
    Map<PeerSelector, Delta<IpAddress>> selectors,
    Map<PortName, Delta<PodPort>> portNames,
    Set<IpAddress> narrowed,
    Set<IpAddress> departed) {

  /** Members that came and went; none is in both. */
  public record Delta<T>(Set<T> added, Set<T> removed) {}

  public boolean isEmpty() {
    return subjects.isEmpty()
        && policies.isEmpty()
        && selectors.isEmpty()
        && portNames.isEmpty()
        && narrowed.isEmpty()
        && departed.isEmpty();
  }
}
