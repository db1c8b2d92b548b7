package io.fairlead.dataplane.netlink.log;

/** Constants of linux/netfilter/nfnetlink_log.h. */
final class LogConstants {

  /** linux/netfilter/nfnetlink.h: the subsystem is the upper byte of a message's type. */
  private static final int NFNL_SUBSYS_ULOG = 4;

  static final int MSG_PACKET = NFNL_SUBSYS_ULOG << 8;
  static final int MSG_CONFIG = NFNL_SUBSYS_ULOG << 8 | 1;

  /** struct nfgenmsg of linux/netfilter/nfnetlink.h: u8 family, u8 version, be16 group. */
  static final int HEADER_LENGTH = 4;

  /** struct nfulnl_msg_packet_hdr: be16 hw_protocol, u8 hook, u8 padding. */
  static final int NFULA_PACKET_HDR = 1;

  static final int NFULA_MARK = 2;

  /** struct nfulnl_msg_packet_timestamp: be64 seconds, be64 microseconds. */
  static final int NFULA_TIMESTAMP = 3;

  static final int NFULA_IFINDEX_INDEV = 4;
  static final int NFULA_IFINDEX_OUTDEV = 5;
  static final int NFULA_PAYLOAD = 9;
  static final int NFULA_PREFIX = 10;
  static final int NFULA_SEQ = 12;

  static final int PACKET_HDR_LENGTH = 4;
  static final int TIMESTAMP_LENGTH = 16;

  /** struct nfulnl_msg_config_cmd: u8 command. */
  static final int NFULA_CFG_CMD = 1;

  /** struct nfulnl_msg_config_mode: be32 copy_range, u8 copy_mode, u8 padding. */
  static final int NFULA_CFG_MODE = 2;

  /** be32, hundredths of a second. */
  static final int NFULA_CFG_TIMEOUT = 4;

  /** be32, packets. */
  static final int NFULA_CFG_QTHRESH = 5;

  /** be16. */
  static final int NFULA_CFG_FLAGS = 6;

  static final int NFULNL_CFG_CMD_BIND = 1;
  static final int NFULNL_COPY_PACKET = 2;

  /** Numbers the packets of a group. */
  static final int NFULNL_CFG_F_SEQ = 1;

  private LogConstants() {}
}
