package io.fairlead.iptables.kernel;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.service.EndpointAddress;
import io.fairlead.iptables.rule.Match;
import io.fairlead.iptables.rule.Target;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The structures in which extensions of iptables keep their arguments (linux/netfilter/xt_*.h,
 * linux/netfilter_ipv4 and _ipv6): in the host's byte order, padded to 8 bytes, with the contents
 * that iptables 1.8.9 gives them.
 */
final class XtInfo {

  /** RTN_LOCAL of linux/rtnetlink.h as a bit. */
  private static final int LOCAL = 1 << 2;

  private static final int INVERT_SOURCE = 1;
  private static final int INVERT_DESTINATION = 2;

  /** XT_CONNTRACK_STATE, and where struct xt_conntrack_mtinfo3 has its flags and states. */
  private static final int CONNTRACK_STATE = 1;

  private static final int CONNTRACK_FLAGS_OFFSET = 146;
  private static final int CONNTRACK_STATES_OFFSET = 150;

  /** XT_RECENT_CHECK, _SET and _REAP. */
  private static final int RECENT_CHECK = 1;

  private static final int RECENT_SET = 2;
  private static final int RECENT_REAP = 32;

  private static final int RECENT_NAME = 200;

  /** NF_NAT_RANGE_MAP_IPS, _PROTO_SPECIFIED and _PROTO_RANDOM_FULLY. */
  private static final int NAT_ADDRESS = 1;

  private static final int NAT_PORT = 2;
  private static final int NAT_RANDOM_FULLY = 16;

  private XtInfo() {}

  private static ByteBuffer structure(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
  }

  private static Bytes bytes(ByteBuffer structure) {
    byte[] content = new byte[structure.capacity()];
    structure.get(0, content);
    return Bytes.of(content);
  }

  /** struct xt_comment_info. */
  static Bytes comment(String text) {
    return bytes(structure(256).put(text.getBytes(StandardCharsets.UTF_8)));
  }

  static String comment(Bytes info) {
    byte[] content = info.toArray();
    int length = 0;
    while (length < content.length && content[length] != 0) {
      length++;
    }
    return new String(content, 0, length, StandardCharsets.UTF_8);
  }

  /** struct xt_addrtype_info_v1. */
  static Bytes sourceType(boolean negated) {
    ByteBuffer info = structure(8).putShort(0, (short) LOCAL);
    return bytes(info.putInt(4, negated ? INVERT_SOURCE : 0));
  }

  static Bytes destinationType(boolean negated) {
    ByteBuffer info = structure(8).putShort(2, (short) LOCAL);
    return bytes(info.putInt(4, negated ? INVERT_DESTINATION : 0));
  }

  /**
   * struct xt_statistic_info. Where its other mode keeps a count, iptables leaves the probability
   * once more.
   */
  static Bytes randomShare(long share) {
    // All of 2^31 is an unsigned number.
    return bytes(structure(24).putInt(4, (int) share).putInt(12, (int) share));
  }

  /** struct xt_conntrack_mtinfo3. */
  static Bytes connectionState(Match.ConnectionState match) {
    int states = match.states().stream().mapToInt(Match.ConnectionState.State::bit).sum();
    return bytes(
        structure(168)
            .putShort(CONNTRACK_FLAGS_OFFSET, (short) CONNTRACK_STATE)
            .putShort(CONNTRACK_STATES_OFFSET, (short) states));
  }

  static int connectionStates(Bytes info) {
    return ByteBuffer.wrap(info.toArray())
        .order(ByteOrder.nativeOrder())
        .getShort(CONNTRACK_STATES_OFFSET);
  }

  /** struct xt_recent_mtinfo_v1, with a mask of all ones as iptables-restore reads it. */
  static Bytes recent(Match.Recent match, AddressFamily family) {
    ByteBuffer info = structure(232).putInt(match.seconds()).putInt(0);
    info.put((byte) (match.set() ? RECENT_SET : RECENT_CHECK | (match.reap() ? RECENT_REAP : 0)));
    // iptables writes the name over its default, of which a short name leaves the end.
    info.put((byte) 0).put(10, "DEFAULT".getBytes(StandardCharsets.UTF_8));
    info.put(match.name().getBytes(StandardCharsets.UTF_8)).put((byte) 0);
    for (int i = 0; i < family.byteLength(); i++) {
      info.put(10 + RECENT_NAME + 2 + i, (byte) 0xff);
    }
    return bytes(info);
  }

  static Match.Recent recent(Bytes info) {
    int check = info.at(8);
    return new Match.Recent(
        comment(info.slice(10, RECENT_NAME)),
        check == RECENT_SET,
        info.u32At(0),
        (check & RECENT_REAP) != 0);
  }

  /** struct xt_sctp_info with a range of destination ports and nothing else. */
  static Bytes sctpPorts(int first, int last) {
    ByteBuffer info = structure(296).putShort((short) first).putShort((short) last);
    for (int i = 0; i < 4; i++) {
      info.put(268 + 3 * i, (byte) 0xff); // No chunk type.
    }
    return bytes(info.putInt(284, 2)); // XT_SCTP_DEST_PORTS
  }

  static Match sctpPorts(Bytes info) {
    ByteBuffer buffer = ByteBuffer.wrap(info.toArray()).order(ByteOrder.nativeOrder());
    int first = buffer.getShort(0) & 0xffff;
    int last = buffer.getShort(2) & 0xffff;
    return first == last
        ? new Match.DestinationPort(first)
        : new Match.DestinationPorts(first, last);
  }

  /** struct xt_mark_tginfo2. */
  static Bytes mark(int value, int mask) {
    return bytes(structure(8).putInt(value).putInt(mask));
  }

  /** struct nf_nat_range2 with one address and port, in network byte order. */
  static Bytes destinationNat(EndpointAddress endpoint) {
    byte[] address = endpoint.address().bytes();
    ByteBuffer info = structure(48).putInt(NAT_ADDRESS | NAT_PORT);
    info.put(4, address).put(20, address);
    info.order(ByteOrder.BIG_ENDIAN);
    info.putShort(36, (short) endpoint.port()).putShort(38, (short) endpoint.port());
    return bytes(info);
  }

  static EndpointAddress destinationNat(Bytes info, AddressFamily family) {
    byte[] address = info.slice(4, family.byteLength()).toArray();
    return new EndpointAddress(IpAddress.of(address), info.u16BeAt(36));
  }

  /**
   * For IPv4 struct nf_nat_ipv4_multi_range_compat with one range; for IPv6 struct nf_nat_range,
   * whose flags come first.
   */
  static Bytes masquerade(boolean randomFully, AddressFamily family) {
    int flags = randomFully ? NAT_RANDOM_FULLY : 0;
    return switch (family) {
      case IPV4 -> bytes(structure(24).putInt(1).putInt(flags));
      case IPV6 -> bytes(structure(40).putInt(flags));
    };
  }

  /** enum ipt_reject_with and enum ip6t_reject_with. */
  static Bytes reject(Target.Reject.With with, AddressFamily family) {
    int number =
        switch (with) {
          case TCP_RESET ->
              switch (family) {
                case IPV4 -> 7;
                case IPV6 -> 6;
              };
          case PORT_UNREACHABLE ->
              switch (family) {
                case IPV4 -> 3;
                case IPV6 -> 4;
              };
        };
    return bytes(structure(8).putInt(number));
  }
}
