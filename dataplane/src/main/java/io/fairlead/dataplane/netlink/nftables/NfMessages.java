package io.fairlead.dataplane.netlink.nftables;

import io.fairlead.dataplane.netlink.MessageWriter;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import org.jspecify.annotations.Nullable;

/** Message types (linux/netfilter/nf_tables.h) and the header that all share (nfnetlink.h). */
final class NfMessages {

  static final int NEW_TABLE = 0;
  static final int GET_TABLE = 1;
  static final int DELETE_TABLE = 2;
  static final int NEW_CHAIN = 3;
  static final int GET_CHAIN = 4;
  static final int DELETE_CHAIN = 5;
  static final int NEW_RULE = 6;
  static final int GET_RULE = 7;
  static final int DELETE_RULE = 8;
  static final int NEW_SET = 9;
  static final int GET_SET = 10;
  static final int DELETE_SET = 11;
  static final int NEW_ELEMENTS = 12;
  static final int GET_ELEMENTS = 13;
  static final int DELETE_ELEMENTS = 14;
  static final int NEW_GENERATION = 15;
  static final int GET_GENERATION = 16;
  static final int TRACE = 17;
  static final int NEW_OBJECT = 18;
  static final int GET_OBJECT = 19;
  static final int DELETE_OBJECT = 20;

  static final int BATCH_BEGIN = 16;
  static final int BATCH_END = 17;

  /** struct nfgenmsg: u8 family, u8 version, big-endian u16 resource. */
  static final int HEADER = 4;

  /** NFTA_TABLE_NAME, NFTA_CHAIN_TABLE and so on: each kind of message names its table by it. */
  static final int TABLE = 1;

  private static final int NFNL_SUBSYS_NFTABLES = 10;

  private NfMessages() {}

  /** The netlink message type of {@code message}. */
  static int type(int message) {
    return NFNL_SUBSYS_NFTABLES << 8 | message;
  }

  /** The message of a netlink message type, or -1 if it is another subsystem's. */
  static int message(NetlinkMessage message) {
    int type = message.type();
    return type >> 8 == NFNL_SUBSYS_NFTABLES ? type & 0xff : -1;
  }

  /** Whether it ends the events of a transaction. */
  static boolean isGeneration(NetlinkMessage message) {
    return message(message) == NEW_GENERATION;
  }

  static void header(MessageWriter writer, NfFamily family) {
    header(writer, family.number(), 0);
  }

  static void header(MessageWriter writer, int family, int resource) {
    writer.u8(family).u8(0).u16Be(resource);
  }

  /** What frames a batch names the subsystem in the header. */
  static void batchHeader(MessageWriter writer) {
    header(writer, 0, NFNL_SUBSYS_NFTABLES);
  }

  static @Nullable NfFamily family(NetlinkMessage message) {
    return NfFamily.of(message.u8(0));
  }
}
