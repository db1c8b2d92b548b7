package io.fairlead.dataplane.policy.enforcement;

import io.fairlead.dataplane.model.PodRecord;
import org.jspecify.annotations.Nullable;

/** An interface of this node, with the record that its pod was last seen with. */
final class Attachment {

  final PodAttachment what;
  private final long order;
  private @Nullable PodRecord last;
  private @Nullable Claim claim;

  /**
   * @param order greater than those of all interfaces attached before
   */
  Attachment(PodAttachment what, long order) {
    this.what = what;
    this.order = order;
  }

  /** Takes over what is known of the pod, if it is the same pod as the former interface's. */
  void succeeds(Attachment former) {
    boolean same = what.uid().equals(former.what.uid()) && same(former.what.pod());
    last = same ? former.last : null;
  }

  private boolean same(@Nullable Object pod) {
    return what.pod() != null && what.pod().equals(pod);
  }

  /** Whether a record is of this very pod, and not of one before or after it with its name. */
  boolean isOf(PodRecord record, String node) {
    return (what.uid().isEmpty() || record.uid().isEmpty())
        ? record.node() == null || record.node().equals(node)
        : what.uid().equals(record.uid());
  }

  /**
   * What the interface claims now.
   *
   * @param record of the pod with the name
   * @param complete whether no record will come where there is none
   */
  Claim update(@Nullable PodRecord record, String node, boolean complete) {
    Claim now = Claim.attachment(order, occupant(record, node, complete));
    claim = now;
    return now;
  }

  /** What it claimed last. */
  @Nullable Claim claim() {
    return claim;
  }

  boolean isAdmitted() {
    return claim != null && claim.occupant().admitted();
  }

  private Occupant occupant(@Nullable PodRecord record, String node, boolean complete) {
    if (what.pod() == null) {
      return Occupant.STRANGER;
    }
    if (record != null && isOf(record, node)) {
      last = record;
      return Occupant.local(record);
    }
    if (record == null && complete) {
      last = null;
      return Occupant.local(PodRecord.unlabelled(what.pod(), node));
    }
    return last == null ? Occupant.NOBODY : Occupant.leaving(last);
  }
}
