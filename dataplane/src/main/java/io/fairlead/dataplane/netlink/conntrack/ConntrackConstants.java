package io.fairlead.dataplane.netlink.conntrack;

/** Constants of linux/netfilter/nfnetlink_conntrack.h. */
final class ConntrackConstants {

  /** linux/netfilter/nfnetlink.h: the subsystem is the upper byte of a message's type. */
  private static final int NFNL_SUBSYS_CTNETLINK = 1;

  /** enum nfnetlink_groups of linux/netfilter/nfnetlink.h. */
  static final int NFNLGRP_CONNTRACK_NEW = 1;

  static final int CT_NEW = NFNL_SUBSYS_CTNETLINK << 8;
  static final int CT_GET = NFNL_SUBSYS_CTNETLINK << 8 | 1;
  static final int CT_DELETE = NFNL_SUBSYS_CTNETLINK << 8 | 2;
  static final int CT_GET_STATS = NFNL_SUBSYS_CTNETLINK << 8 | 5;

  /** struct nfgenmsg of linux/netfilter/nfnetlink.h: u8 family, u8 version, be16 resource. */
  static final int HEADER_LENGTH = 4;

  static final int CTA_TUPLE_ORIG = 1;
  static final int CTA_TUPLE_REPLY = 2;
  static final int CTA_STATUS = 3;
  static final int CTA_TIMEOUT = 7;
  static final int CTA_MARK = 8;
  static final int CTA_ID = 12;
  static final int CTA_ZONE = 18;
  static final int CTA_MARK_MASK = 21;
  static final int CTA_FILTER = 25;

  static final int CTA_TUPLE_IP = 1;
  static final int CTA_TUPLE_PROTO = 2;
  static final int CTA_TUPLE_ZONE = 3;

  static final int CTA_IP_V4_SRC = 1;
  static final int CTA_IP_V4_DST = 2;
  static final int CTA_IP_V6_SRC = 3;
  static final int CTA_IP_V6_DST = 4;

  static final int CTA_PROTO_NUM = 1;
  static final int CTA_PROTO_SRC_PORT = 2;
  static final int CTA_PROTO_DST_PORT = 3;
  static final int CTA_PROTO_ICMP_ID = 4;
  static final int CTA_PROTO_ICMP_TYPE = 5;
  static final int CTA_PROTO_ICMP_CODE = 6;
  static final int CTA_PROTO_ICMPV6_ID = 7;
  static final int CTA_PROTO_ICMPV6_TYPE = 8;
  static final int CTA_PROTO_ICMPV6_CODE = 9;

  static final int CTA_FILTER_ORIG_FLAGS = 1;
  static final int CTA_FILTER_REPLY_FLAGS = 2;

  /**
   * Which parts of a tuple a dump compares: values of CTA_FILTER_ORIG_FLAGS and
   * CTA_FILTER_REPLY_FLAGS, the same for both families (net/netfilter/nf_internals.h; no public
   * header has them).
   */
  static final int FILTER_IP_SRC = 1;

  static final int FILTER_IP_DST = 1 << 1;
  static final int FILTER_PROTO_NUM = 1 << 3;
  static final int FILTER_PROTO_SRC_PORT = 1 << 4;
  static final int FILTER_PROTO_DST_PORT = 1 << 5;

  static final int CTA_STATS_GLOBAL_ENTRIES = 1;

  private ConntrackConstants() {}
}
