package io.fairlead.dataplane.policy.enforcement;

import io.fairlead.dataplane.model.IpAddress;
import java.util.HashSet;
import java.util.Set;

/** A selector that active policies use, and whom it means. */
final class UsedSelector {

  private final PeerSelector selector;
  private final Set<PeerGroup> groups = new HashSet<>();
  private final Membership<IpAddress> membership = new Membership<>();

  UsedSelector(PeerSelector selector) {
    this.selector = selector;
  }

  PeerSelector selector() {
    return selector;
  }

  Set<PeerGroup> groups() {
    return groups;
  }

  Membership<IpAddress> membership() {
    return membership;
  }

  void add(PeerGroup group) {
    if (groups.add(group)) {
      group.selectors().add(this);
      group.addresses().forEach(membership::add);
    }
  }

  void remove(PeerGroup group) {
    if (groups.remove(group)) {
      group.selectors().remove(this);
      group.addresses().forEach(membership::remove);
    }
  }
}
