package io.fairlead.dataplane.netlink.conntrack;

/** The bits of an entry's status (linux/netfilter/nf_conntrack_common.h). */
public enum ConntrackStatus {
  EXPECTED(0),
  SEEN_REPLY(1),
  ASSURED(2),
  CONFIRMED(3),
  SRC_NAT(4),
  DST_NAT(5),
  SEQ_ADJUST(6),
  SRC_NAT_DONE(7),
  DST_NAT_DONE(8),
  DYING(9),
  FIXED_TIMEOUT(10),
  TEMPLATE(11),
  UNTRACKED(12),
  HELPER(13),
  OFFLOAD(14),
  HARDWARE_OFFLOAD(15);

  private final int mask;

  ConntrackStatus(int bit) {
    this.mask = 1 << bit;
  }

  /** The bit's value in {@link ConntrackEntry#status}. */
  public int mask() {
    return mask;
  }
}
