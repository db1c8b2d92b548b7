package io.fairlead.nftables.guard;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** Frames byte by byte, as only a raw socket sends them. */
final class Frame {

  static final MacAddress EVERYBODY = MacAddress.parse("ff:ff:ff:ff:ff:ff");

  private static final int UDP = 17;
  private static final int ICMPV6 = 58;

  /** What is found in no other traffic. */
  private static final byte[] MARK = "fairlead-guard-test".getBytes(StandardCharsets.US_ASCII);

  /** A frame begins with two link-layer addresses. */
  private static final int ADDRESSES = 12;

  private final byte[] bytes;

  private Frame(byte[] bytes) {
    this.bytes = bytes;
  }

  byte[] bytes() {
    return bytes.clone();
  }

  private static Frame of(Object... parts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (Object part : parts) {
      switch (part) {
        case MacAddress mac -> bytes.writeBytes(mac.bytes());
        case IpAddress address -> bytes.writeBytes(address.bytes());
        case byte[] raw -> bytes.writeBytes(raw);
        case String hex -> bytes.writeBytes(HexFormat.of().parseHex(hex.replace(" ", "")));
        default -> throw new IllegalArgumentException("" + part);
      }
    }
    return new Frame(bytes.toByteArray());
  }

  private static byte[] u16(int value) {
    return new byte[] {(byte) (value >>> 8), (byte) value};
  }

  private static byte[] u8(int value) {
    return new byte[] {(byte) value};
  }

  /** A frame of any type, with these tags (hexadecimal) before the type. */
  static Frame ethernet(MacAddress from, MacAddress to, String tags, int type, Frame content) {
    return of(to, from, tags, u16(type), content.bytes());
  }

  /** A datagram in IPv4 or IPv6, without a link-layer header. */
  static Frame udp(String from, String to) {
    IpAddress source = IpAddress.parse(from);
    IpAddress destination = IpAddress.parse(to);
    byte[] udp = of(u16(68), u16(67), u16(8 + MARK.length), u16(0), MARK).bytes();
    return switch (source.family()) {
      case IPV4 -> {
        byte[] header =
            of("4500", u16(20 + udp.length), "0000 0000 40", u8(UDP), "0000", source, destination)
                .bytes();
        int sum = 0;
        for (int i = 0; i < header.length; i += 2) {
          sum += ((header[i] & 0xff) << 8) | (header[i + 1] & 0xff);
        }
        sum = ~((sum & 0xffff) + (sum >>> 16));
        header[10] = (byte) (sum >>> 8);
        header[11] = (byte) sum;
        yield of(header, udp);
      }
      case IPV6 -> ipv6(source, destination, UDP, udp);
    };
  }

  private static Frame ipv6(IpAddress source, IpAddress destination, int protocol, byte[] body) {
    return of("60000000", u16(body.length), u8(protocol), "ff", source, destination, body);
  }

  /** An ICMPv6 message about an address, with extension headers of this kind before it. */
  static Frame neighbour(int type, String from, String to, String target, Extension extension) {
    byte[] message = of(u8(type), "00 0000 60000000", IpAddress.parse(target), MARK).bytes();
    IpAddress source = IpAddress.parse(from);
    IpAddress destination = IpAddress.parse(to);
    return switch (extension) {
      case NONE -> ipv6(source, destination, ICMPV6, message);
      case DESTINATION_OPTIONS ->
          ipv6(source, destination, 60, of(u8(ICMPV6), "00 01 04 00000000", message).bytes());
      case HOP_BY_HOP ->
          ipv6(source, destination, 0, of(u8(ICMPV6), "00 05 02 0000 01 00", message).bytes());
    };
  }

  enum Extension {
    NONE,
    DESTINATION_OPTIONS,
    HOP_BY_HOP
  }

  /** An ARP packet (1 request, 2 reply) from a host with this address. */
  static Frame arp(int operation, MacAddress mac, String sender, String target) {
    return of(
        "0001 0800 06 04",
        u16(operation),
        mac,
        IpAddress.parse(sender),
        "000000000000",
        IpAddress.parse(target),
        MARK);
  }

  /** Something that is of no protocol at all. */
  static Frame anything() {
    return of(MARK, MARK, MARK);
  }

  /** Whether a frame that was seen is this one: tags may be gone, and answers quote it. */
  boolean isLike(byte[] seen) {
    return Arrays.equals(seen, 0, ADDRESSES, bytes, 0, ADDRESSES)
        && new String(seen, StandardCharsets.ISO_8859_1)
            .contains(new String(MARK, StandardCharsets.ISO_8859_1));
  }
}
