package io.fairlead.dataplane.policy.enforcement;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PodRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All pods by their names, with the interfaces of those of this node: who claims an address. */
final class PodDirectory {

  private final String node;
  private final boolean complete;
  private final AddressOwners owners;
  private final Map<ObjectKey, PodRecord> records = new HashMap<>();

  /** What records claim by their own addresses; those that claim none have no entry. */
  private final Map<ObjectKey, Claim> claims = new HashMap<>();

  private final Map<String, Attachment> attachments = new HashMap<>();
  private final Map<ObjectKey, List<Attachment>> attached = new HashMap<>();
  private long order;

  PodDirectory(String node, boolean complete, AddressOwners owners) {
    this.node = node;
    this.complete = complete;
    this.owners = owners;
  }

  void pod(ObjectKey key, @Nullable PodRecord pod) {
    PodRecord before = pod == null ? records.remove(key) : records.put(key, pod);
    if (pod == null ? before != null : !pod.equals(before)) {
      refresh(key, before);
    }
  }

  void attach(PodAttachment what) {
    Attachment former = attachments.get(what.id());
    if (former != null && former.what.equals(what)) {
      return;
    }
    Attachment next = new Attachment(what, ++order);
    attachments.put(what.id(), next);
    if (former != null) {
      next.succeeds(former);
      forget(former);
    }
    ObjectKey pod = what.pod();
    if (pod == null) {
      claim(next, null);
    } else {
      attached.computeIfAbsent(pod, _ -> new ArrayList<>(1)).add(next);
      refresh(pod, records.get(pod));
    }
    if (former != null) {
      leave(former);
    }
  }

  void detach(String id) {
    Attachment gone = attachments.remove(id);
    if (gone != null) {
      forget(gone);
      leave(gone);
    }
  }

  boolean isAdmitted(String id) {
    Attachment attachment = attachments.get(id);
    return attachment != null && attachment.isAdmitted();
  }

  private void forget(Attachment former) {
    ObjectKey pod = former.what.pod();
    List<Attachment> all = pod == null ? null : attached.get(pod);
    if (all != null && all.remove(former) && all.isEmpty()) {
      attached.remove(pod);
    }
  }

  /** Takes back what an interface claims, after those who follow it have made their claims. */
  private void leave(Attachment former) {
    ObjectKey pod = former.what.pod();
    if (pod != null) {
      refresh(pod, records.get(pod));
    }
    Claim claim = former.claim();
    if (claim != null) {
      former.what.addresses().forEach(address -> owners.withdraw(address, claim));
    }
  }

  /**
   * Brings the claims of a pod up to date. New ones are made before old ones are taken back, so
   * that nothing that stays in use is dropped in between.
   */
  private void refresh(ObjectKey key, @Nullable PodRecord before) {
    PodRecord now = records.get(key);
    boolean hasInterface = false;
    for (Attachment attachment : attached.getOrDefault(key, List.of())) {
      claim(attachment, now);
      hasInterface |= now != null && attachment.isOf(now, node);
    }
    Claim former = claims.remove(key);
    List<IpAddress> claimed = List.of();
    if (now != null && !hasInterface && !now.hostNetwork() && !now.addresses().isEmpty()) {
      boolean local = node.equals(now.node());
      Occupant occupant = local ? Occupant.local(now) : Occupant.remote(now);
      Claim claim = Claim.record(now.created(), key, occupant);
      claims.put(key, claim);
      claimed = now.addresses();
      claimed.forEach(address -> owners.claim(address, claim));
    }
    if (before != null && former != null) {
      for (IpAddress address : before.addresses()) {
        if (!claimed.contains(address)) {
          owners.withdraw(address, former);
        }
      }
    }
  }

  private void claim(Attachment attachment, @Nullable PodRecord record) {
    Claim claim = attachment.update(record, node, complete);
    attachment.what.addresses().forEach(address -> owners.claim(address, claim));
  }

  /** How much is kept, to see that nothing stays behind. */
  int size() {
    return records.size() + claims.size() + attachments.size() + attached.size();
  }
}
