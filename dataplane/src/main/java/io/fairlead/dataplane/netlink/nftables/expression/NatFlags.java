package io.fairlead.dataplane.netlink.nftables.expression;

/** Flags of address translation: linux/netfilter/nf_nat.h. */
final class NatFlags {

  static final int NF_NAT_RANGE_PROTO_RANDOM = 1 << 2;
  static final int NF_NAT_RANGE_PERSISTENT = 1 << 3;
  static final int NF_NAT_RANGE_PROTO_RANDOM_FULLY = 1 << 4;

  private NatFlags() {}

  static String text(int flags) {
    StringBuilder text = new StringBuilder();
    append(text, flags, NF_NAT_RANGE_PROTO_RANDOM, "random");
    append(text, flags, NF_NAT_RANGE_PROTO_RANDOM_FULLY, "fully-random");
    append(text, flags, NF_NAT_RANGE_PERSISTENT, "persistent");
    return text.toString();
  }

  private static void append(StringBuilder text, int flags, int flag, String name) {
    if ((flags & flag) != 0) {
      text.append(text.isEmpty() ? " " : ",").append(name);
    }
  }
}
