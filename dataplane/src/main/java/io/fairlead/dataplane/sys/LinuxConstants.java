package io.fairlead.dataplane.sys;

/** Constants of Linux headers that the system calls here need (x86-64 and arm64). */
final class LinuxConstants {

  /** bits/fcntl-linux.h. */
  static final int O_CLOEXEC = 0x80000;

  /** bits/poll.h. */
  static final int POLLOUT = 4;

  static final int POLLERR = 8;

  /** asm-generic/socket.h. */
  static final int SO_ERROR = 4;

  /** bits/socket.h. */
  static final int SOCK_DGRAM = 2;

  static final int SOCK_NONBLOCK = 0x800;
  static final int MSG_ERRQUEUE = 0x2000;

  /** linux/in.h and linux/in6.h. */
  static final int SOL_IP = 0;

  static final int IP_MTU_DISCOVER = 10;
  static final int IP_RECVERR = 11;
  static final int SOL_IPV6 = 41;
  static final int IPV6_MTU_DISCOVER = 23;
  static final int IPV6_RECVERR = 25;

  /** Packets say that they are not to be fragmented, and too long ones are refused. */
  static final int PMTUDISC_DO = 2;

  static final int IPPROTO_ICMP = 1;
  static final int IPPROTO_ICMPV6 = 58;

  /** linux/errqueue.h: a router or host said so, and not this kernel. */
  static final int SO_EE_ORIGIN_ICMP = 2;

  static final int SO_EE_ORIGIN_ICMP6 = 3;

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
