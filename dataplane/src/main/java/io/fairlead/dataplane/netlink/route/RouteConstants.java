package io.fairlead.dataplane.netlink.route;

import java.nio.ByteOrder;

/**
 * Constants of linux/rtnetlink.h, if_link.h, if_addr.h, neighbour.h, fib_rules.h, veth.h,
 * pkt_sched.h and pkt_cls.h.
 */
final class RouteConstants {

  static final int AF_UNSPEC = 0;
  static final int AF_BRIDGE = 7;

  static final int RTM_NEWLINK = 16;
  static final int RTM_DELLINK = 17;
  static final int RTM_GETLINK = 18;
  static final int RTM_SETLINK = 19;
  static final int RTM_NEWADDR = 20;
  static final int RTM_DELADDR = 21;
  static final int RTM_GETADDR = 22;
  static final int RTM_NEWROUTE = 24;
  static final int RTM_DELROUTE = 25;
  static final int RTM_GETROUTE = 26;
  static final int RTM_NEWNEIGH = 28;
  static final int RTM_DELNEIGH = 29;
  static final int RTM_GETNEIGH = 30;
  static final int RTM_NEWRULE = 32;
  static final int RTM_DELRULE = 33;
  static final int RTM_GETRULE = 34;
  static final int RTM_NEWNETCONF = 80;

  static final int RTM_NEWQDISC = 36;
  static final int RTM_DELQDISC = 37;
  static final int RTM_GETQDISC = 38;
  static final int RTM_NEWTFILTER = 44;

  static final int RTNLGRP_LINK = 1;
  static final int RTNLGRP_NEIGH = 3;
  static final int RTNLGRP_IPV4_IFADDR = 5;
  static final int RTNLGRP_IPV4_ROUTE = 7;
  static final int RTNLGRP_IPV4_RULE = 8;
  static final int RTNLGRP_IPV6_IFADDR = 9;
  static final int RTNLGRP_IPV6_ROUTE = 11;
  static final int RTNLGRP_IPV6_RULE = 19;
  static final int RTNLGRP_IPV4_NETCONF = 24;
  static final int RTNLGRP_IPV6_NETCONF = 25;

  /** struct ifinfomsg: u8 family, u8 pad, u16 type, s32 index, u32 flags, u32 change. */
  static final int LINK_HEADER = 16;

  static final int IFF_UP = 1;
  static final int IFF_LOWER_UP = 1 << 16;

  static final int IFLA_ADDRESS = 1;
  static final int IFLA_IFNAME = 3;
  static final int IFLA_MTU = 4;
  static final int IFLA_LINK = 5;
  static final int IFLA_MASTER = 10;
  static final int IFLA_PROTINFO = 12;
  static final int IFLA_LINKINFO = 18;
  static final int IFLA_IFALIAS = 20;
  static final int IFLA_GROUP = 27;
  static final int IFLA_NET_NS_FD = 28;
  static final int IFLA_EXT_MASK = 29;
  static final int IFLA_LINK_NETNSID = 37;

  static final int RTEXT_FILTER_SKIP_STATS = 1 << 3;

  static final int IFLA_INFO_KIND = 1;
  static final int IFLA_INFO_DATA = 2;
  static final int IFLA_INFO_SLAVE_KIND = 4;
  static final int IFLA_INFO_SLAVE_DATA = 5;

  static final int VETH_INFO_PEER = 1;

  static final int IFLA_BR_MCAST_SNOOPING = 23;
  static final int IFLA_BR_MULTI_BOOLOPT = 46;

  /** Of enum br_boolopt_id of linux/if_bridge.h, as a bit (Linux 5.0). */
  static final int BR_BOOLOPT_NO_LL_LEARN = 1;

  static final int IFLA_VXLAN_ID = 1;
  static final int IFLA_VXLAN_LINK = 3;
  static final int IFLA_VXLAN_LOCAL = 4;
  static final int IFLA_VXLAN_LEARNING = 7;
  static final int IFLA_VXLAN_PORT = 15;
  static final int IFLA_VXLAN_LOCAL6 = 17;

  static final int IFLA_BRPORT_MODE = 4;
  static final int IFLA_BRPORT_LEARNING = 8;
  static final int IFLA_BRPORT_UNICAST_FLOOD = 9;
  static final int IFLA_BRPORT_MCAST_FLOOD = 27;
  static final int IFLA_BRPORT_BCAST_FLOOD = 30;
  static final int IFLA_BRPORT_NEIGH_SUPPRESS = 32;
  static final int IFLA_BRPORT_ISOLATED = 33;

  /** struct ifaddrmsg: u8 family, u8 prefix length, u8 flags, u8 scope, u32 index. */
  static final int ADDRESS_HEADER = 8;

  static final int IFA_ADDRESS = 1;
  static final int IFA_LOCAL = 2;
  static final int IFA_FLAGS = 8;
  static final int IFA_PROTO = 11;

  /**
   * struct rtmsg: u8 family, u8 destination length, u8 source length, u8 tos, u8 table, u8
   * protocol, u8 scope, u8 type, u32 flags.
   */
  static final int ROUTE_HEADER = 12;

  static final int RTA_DST = 1;
  static final int RTA_SRC = 2;
  static final int RTA_IIF = 3;
  static final int RTA_OIF = 4;
  static final int RTA_GATEWAY = 5;
  static final int RTA_PRIORITY = 6;
  static final int RTA_PREFSRC = 7;
  static final int RTA_METRICS = 8;
  static final int RTA_TABLE = 15;
  static final int RTA_MARK = 16;
  static final int RTA_VIA = 18;

  static final int RTAX_MTU = 2;
  static final int RTNH_F_ONLINK = 4;
  static final int RTM_F_CLONED = 0x200;
  static final int RTM_F_LOOKUP_TABLE = 0x1000;
  static final int RTM_F_FIB_MATCH = 0x2000;

  /**
   * struct fib_rule_hdr: u8 family, u8 destination length, u8 source length, u8 tos, u8 table, 2
   * reserved bytes, u8 action, u32 flags.
   */
  static final int RULE_HEADER = 12;

  static final int FRA_DST = 1;
  static final int FRA_SRC = 2;
  static final int FRA_IIFNAME = 3;
  static final int FRA_PRIORITY = 6;
  static final int FRA_FWMARK = 10;
  static final int FRA_TABLE = 15;
  static final int FRA_FWMASK = 16;
  static final int FRA_PROTOCOL = 21;

  static final int FR_ACT_TO_TBL = 1;

  /** struct ndmsg: u8 family, u8 pad, u16 pad, s32 index, u16 state, u8 flags, u8 type. */
  static final int NEIGHBOUR_HEADER = 12;

  static final int NDA_DST = 1;
  static final int NDA_LLADDR = 2;
  static final int NDA_VLAN = 5;
  static final int NDA_IFINDEX = 8;
  static final int NDA_PROTOCOL = 12;

  /** struct tcmsg: u8 family, 3 bytes, s32 index, u32 handle, u32 parent, u32 info. */
  static final int TRAFFIC_HEADER = 20;

  static final int TC_H_ROOT = 0xffffffff;
  static final int TC_H_INGRESS = 0xfffffff1;
  static final int INGRESS_HANDLE = 0xffff0000;

  static final int TCA_KIND = 1;
  static final int TCA_OPTIONS = 2;

  static final int TCA_TBF_PARMS = 1;
  static final int TCA_TBF_RATE64 = 4;
  static final int TCA_TBF_BURST = 6;

  /** struct tc_tbf_qopt of linux/pkt_sched.h. */
  static final int TBF_PARMS_LENGTH = 36;

  static final int TC_LINKLAYER_ETHERNET = 1;

  static final int TCA_U32_SEL = 5;
  static final int TCA_U32_ACT = 7;
  static final int TC_U32_TERMINAL = 1;
  static final int TCA_ACT_KIND = 1;
  static final int TCA_ACT_OPTIONS = 2;
  static final int TCA_MIRRED_PARMS = 2;
  static final int TCA_EGRESS_REDIR = 1;
  static final int TC_ACT_STOLEN = 4;
  static final int FILTER_PRIORITY = 1;

  /** ETH_P_ALL of linux/if_ether.h, as a 16-bit number whose bytes are in network order. */
  static final int ETH_P_ALL_BIG_ENDIAN =
      ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? 0x0003 : 0x0300;

  private RouteConstants() {}

  // linux/netconf.h
  static final int NETCONF_HEADER = 4;
  static final int NETCONFA_IFINDEX = 1;
  static final int NETCONFA_FORWARDING = 2;
  static final int NETCONFA_RP_FILTER = 3;
}
