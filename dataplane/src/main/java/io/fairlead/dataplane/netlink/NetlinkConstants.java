package io.fairlead.dataplane.netlink;

/** Constants of linux/netlink.h. */
public final class NetlinkConstants {

  public static final int NETLINK_ROUTE = 0;
  public static final int NETLINK_NETFILTER = 12;
  public static final int NETLINK_GENERIC = 16;

  public static final int NLM_F_REQUEST = 0x01;
  public static final int NLM_F_MULTI = 0x02;
  public static final int NLM_F_ACK = 0x04;
  public static final int NLM_F_DUMP_INTR = 0x10;

  /** Modifiers of a get request. */
  public static final int NLM_F_ROOT = 0x100;

  public static final int NLM_F_MATCH = 0x200;
  public static final int NLM_F_DUMP = NLM_F_ROOT | NLM_F_MATCH;

  /** Modifiers of a new request. */
  public static final int NLM_F_REPLACE = 0x100;

  public static final int NLM_F_EXCL = 0x200;
  public static final int NLM_F_CREATE = 0x400;
  public static final int NLM_F_APPEND = 0x800;

  /** Modifiers of a delete request. */
  public static final int NLM_F_NONREC = 0x100;

  /** Modifiers of an acknowledgement. */
  static final int NLM_F_CAPPED = 0x100;

  static final int NLM_F_ACK_TLVS = 0x200;

  static final int NLMSG_NOOP = 1;
  static final int NLMSG_ERROR = 2;
  static final int NLMSG_DONE = 3;
  static final int NLMSG_OVERRUN = 4;

  /** struct nlmsghdr: u32 length, u16 type, u16 flags, u32 sequence, u32 port. */
  static final int HEADER_LENGTH = 16;

  /** struct nlattr: u16 length with the header, u16 type. */
  static final int ATTRIBUTE_HEADER_LENGTH = 4;

  static final int NLA_F_NESTED = 0x8000;
  static final int NLA_TYPE_MASK = 0x3fff;

  static final int NETLINK_ADD_MEMBERSHIP = 1;
  static final int NETLINK_CAP_ACK = 10;
  static final int NETLINK_EXT_ACK = 11;
  static final int NETLINK_GET_STRICT_CHK = 12;

  /** enum nlmsgerr_attrs. */
  static final int NLMSGERR_ATTR_MSG = 1;

  static final int NLMSGERR_ATTR_OFFS = 2;

  private NetlinkConstants() {}

  /** {@code length} rounded up to the 4 bytes at which messages and attributes begin. */
  static int align(int length) {
    return (length + 3) & ~3;
  }
}
