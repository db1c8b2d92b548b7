package io.fairlead.agent.subsystem.policy;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.PolicyDirection;
import io.fairlead.dataplane.policy.enforcement.Enforcement;
import io.fairlead.dataplane.policy.enforcement.EnforcementChange;
import io.fairlead.dataplane.policy.enforcement.Subject;
import java.util.HashSet;
import java.util.Set;

/** Tells what changed of whom egress policies select. For the reconciling thread. */
final class EgressFollower implements EnforcementFollower {

  private final Enforcement enforcement;
  private final EgressIsolation isolation;

  EgressFollower(Enforcement enforcement, EgressIsolation isolation) {
    this.enforcement = enforcement;
    this.isolation = isolation;
  }

  @Override
  public void enforced(EnforcementChange change) {
    Set<IpAddress> isolated = new HashSet<>();
    Set<IpAddress> free = new HashSet<>();
    for (IpAddress address : change.subjects()) {
      Subject subject = enforcement.subject(address);
      boolean judged = subject != null && !subject.policies(PolicyDirection.EGRESS).isEmpty();
      (judged ? isolated : free).add(address);
    }
    if (!change.subjects().isEmpty()) {
      isolation.changed(isolated, free);
    }
  }
}
