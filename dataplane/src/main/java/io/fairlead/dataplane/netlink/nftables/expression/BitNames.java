package io.fairlead.dataplane.netlink.nftables.expression;

/** Names of single bits, the lowest first; empty where a bit has none. */
final class BitNames {

  /** NF_CT_STATE_BIT of linux/netfilter/nf_conntrack_common.h, from bit 0 on. */
  private static final String[] CT_STATE = {
    "invalid", "established", "related", "new", "", "", "untracked"
  };

  /** enum ip_conntrack_status, from bit 0 on. */
  private static final String[] CT_STATUS = {
    "expected", "seen-reply", "assured", "confirmed", "snat", "dnat", "", "", "", "dying"
  };

  private BitNames() {}

  static String state(int bits) {
    return format(CT_STATE, bits);
  }

  static String status(int bits) {
    return format(CT_STATUS, bits);
  }

  /** "established,related", or hexadecimal where a bit has no name. */
  private static String format(String[] names, int bits) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 32; i++) {
      if ((bits >>> i & 1) != 0) {
        if (i >= names.length || names[i].isEmpty()) {
          return "0x" + Integer.toHexString(bits);
        }
        text.append(text.isEmpty() ? "" : ",").append(names[i]);
      }
    }
    return bits == 0 ? "0x0" : text.toString();
  }
}
