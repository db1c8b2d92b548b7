package io.fairlead.dataplane.sys;

/** Constants of Linux headers that the system calls here need (x86-64 and arm64). */
final class LinuxConstants {

  /** bits/fcntl-linux.h. */
  static final int O_CLOEXEC = 0x80000;

  /** sched.h. */
  static final int CLONE_NEWNET = 0x40000000;

  /** bits/socket.h. */
  static final int AF_UNIX = 1;

  static final int AF_NETLINK = 16;
  static final int SOCK_STREAM = 1;
  static final int SOCK_RAW = 3;
  static final int SOCK_CLOEXEC = 0x80000;
  static final int SHUT_RDWR = 2;

  /** asm-generic/socket.h. */
  static final int SOL_SOCKET = 1;

  static final int SO_RCVTIMEO = 20;
  static final int SO_SNDTIMEO = 21;
  static final int SO_PEERCRED = 17;
  static final int SO_SNDBUFFORCE = 32;
  static final int SO_RCVBUFFORCE = 33;
  static final int SCM_RIGHTS = 1;

  /** bits/socket.h. */
  static final int MSG_TRUNC = 0x20;

  static final int MSG_DONTWAIT = 0x40;
  static final int MSG_NOSIGNAL = 0x4000;
  static final int MSG_CMSG_CLOEXEC = 0x40000000;
  static final int MSG_CTRUNC = 0x08;

  /** linux/netlink.h. */
  static final int SOL_NETLINK = 270;

  /** bits/poll.h. */
  static final int POLLIN = 1;

  /** bits/eventfd.h. */
  static final int EFD_CLOEXEC = 0x80000;

  /** linux/sockios.h. */
  static final long SIOCETHTOOL = 0x8946;

  /** linux/ethtool.h. */
  static final int ETHTOOL_GTXCSUM = 0x16;

  static final int ETHTOOL_STXCSUM = 0x17;

  private LinuxConstants() {}
}
