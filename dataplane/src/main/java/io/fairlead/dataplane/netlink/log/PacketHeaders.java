package io.fairlead.dataplane.netlink.log;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.MalformedMessageException;
import java.nio.ByteBuffer;

/**
 * Who sends a packet to whom, as its headers say (RFC 791, RFC 8200). Immutable.
 *
 * @param protocol an IP protocol number; of a fragment that of the whole
 * @param sourcePort {@link #NO_PORT} if the protocol has none, or the packet is a later fragment or
 *     too short to say
 * @param destinationPort likewise
 */
public record PacketHeaders(
    IpAddress source, IpAddress destination, int protocol, int sourcePort, int destinationPort) {

  /** There is no port. */
  public static final int NO_PORT = -1;

  private static final int IPV4_LENGTH = 20;
  private static final int IPV6_LENGTH = 40;

  /** More extension headers than packets have that are meant well. */
  private static final int MOST_EXTENSIONS = 16;

  // Numbers of the registry of RFC 5237 and of RFC 7045.
  private static final int HOP_BY_HOP = 0;
  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int DCCP = 33;
  private static final int ROUTING = 43;
  private static final int FRAGMENT = 44;
  private static final int AUTHENTICATION = 51;
  private static final int DESTINATION_OPTIONS = 60;
  private static final int SCTP = 132;
  private static final int MOBILITY = 135;
  private static final int UDP_LITE = 136;

  /**
   * Reads the beginning of a packet of either family.
   *
   * @param packet from the network header on to its limit, perhaps cut off; its position is not
   *     used
   * @throws MalformedMessageException if it has no whole IP header
   */
  public static PacketHeaders of(ByteBuffer packet) throws MalformedMessageException {
    int version = packet.limit() == 0 ? 0 : u8(packet, 0) >> 4;
    return switch (version) {
      case 4 -> ofIpv4(packet);
      case 6 -> ofIpv6(packet);
      default -> throw new MalformedMessageException("a packet of IP version " + version);
    };
  }

  private static PacketHeaders ofIpv4(ByteBuffer packet) throws MalformedMessageException {
    int length = (u8(packet, 0) & 0xf) * 4;
    if (packet.limit() < IPV4_LENGTH || length < IPV4_LENGTH) {
      throw tooShort(packet);
    }
    boolean laterFragment = (u16(packet, 6) & 0x1fff) != 0;
    return withPorts(
        address(packet, 12, 4),
        address(packet, 16, 4),
        u8(packet, 9),
        packet,
        laterFragment ? packet.limit() : length);
  }

  private static PacketHeaders ofIpv6(ByteBuffer packet) throws MalformedMessageException {
    if (packet.limit() < IPV6_LENGTH) {
      throw tooShort(packet);
    }
    IpAddress source = address(packet, 8, 16);
    IpAddress destination = address(packet, 24, 16);
    int protocol = u8(packet, 6);
    int at = IPV6_LENGTH;
    for (int i = 0; i < MOST_EXTENSIONS && isExtension(protocol) && at + 4 <= packet.limit(); i++) {
      boolean laterFragment = protocol == FRAGMENT && (u16(packet, at + 2) & 0xfff8) != 0;
      int length = extensionLength(protocol, u8(packet, at + 1));
      protocol = u8(packet, at);
      if (laterFragment) {
        return new PacketHeaders(source, destination, protocol, NO_PORT, NO_PORT);
      }
      at += length;
    }
    return withPorts(source, destination, protocol, packet, at);
  }

  private static boolean isExtension(int protocol) {
    return switch (protocol) {
      case HOP_BY_HOP, ROUTING, FRAGMENT, AUTHENTICATION, DESTINATION_OPTIONS, MOBILITY -> true;
      default -> false;
    };
  }

  private static int extensionLength(int protocol, int field) {
    return switch (protocol) {
      case FRAGMENT -> 8;
      case AUTHENTICATION -> (field + 2) * 4;
      default -> (field + 1) * 8;
    };
  }

  private static PacketHeaders withPorts(
      IpAddress source, IpAddress destination, int protocol, ByteBuffer packet, int at) {
    boolean ported =
        switch (protocol) {
          case TCP, UDP, DCCP, SCTP, UDP_LITE -> at + 4 <= packet.limit();
          default -> false;
        };
    return new PacketHeaders(
        source,
        destination,
        protocol,
        ported ? u16(packet, at) : NO_PORT,
        ported ? u16(packet, at + 2) : NO_PORT);
  }

  private static MalformedMessageException tooShort(ByteBuffer packet) {
    return new MalformedMessageException(
        "a packet of " + packet.limit() + " bytes has no whole IP header");
  }

  private static IpAddress address(ByteBuffer packet, int at, int length) {
    byte[] bytes = new byte[length];
    packet.get(at, bytes);
    return IpAddress.of(bytes);
  }

  private static int u8(ByteBuffer packet, int at) {
    return packet.get(at) & 0xff;
  }

  private static int u16(ByteBuffer packet, int at) {
    return u8(packet, at) << 8 | u8(packet, at + 1);
  }
}
