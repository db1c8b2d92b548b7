package io.fairlead.dataplane.netlink.log;

import static io.fairlead.dataplane.netlink.log.LogConstants.*;

import io.fairlead.dataplane.netlink.MessageWriter;

/** Writes the bodies of NFULNL_MSG_CONFIG. */
final class LogMessages {

  private static final int UNSPECIFIED_FAMILY = 0;

  /** Packets that are sent together at most. */
  private static final int QUEUE_THRESHOLD = 32;

  /** Hundredths of a second that a packet waits for others. */
  private static final int QUEUE_TIMEOUT = 10;

  private LogMessages() {}

  private static void header(MessageWriter writer, int group) {
    writer.u8(UNSPECIFIED_FAMILY).u8(0).u16Be(group);
  }

  /** Makes the sender the only reader of a group. */
  static void writeBind(MessageWriter writer, int group) {
    header(writer, group);
    writer.attributeU8(NFULA_CFG_CMD, NFULNL_CFG_CMD_BIND);
  }

  /**
   * Asks for the beginning of each packet, numbered, soon.
   *
   * @param range bytes of each packet at most
   */
  static void writeMode(MessageWriter writer, int group, int range) {
    header(writer, group);
    int mode = writer.beginAttribute(NFULA_CFG_MODE);
    writer.u32Be(range).u8(NFULNL_COPY_PACKET).u8(0);
    writer.endAttribute(mode);
    writer.attributeU32Be(NFULA_CFG_QTHRESH, QUEUE_THRESHOLD);
    writer.attributeU32Be(NFULA_CFG_TIMEOUT, QUEUE_TIMEOUT);
    writer.attributeU16Be(NFULA_CFG_FLAGS, NFULNL_CFG_F_SEQ);
  }
}
