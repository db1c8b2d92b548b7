package io.fairlead.bench.policy.matrix;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.sys.NativeBuffer;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Packets that begin connections and carry a number, which address translation leaves alone: TCP's
 * SYN as its sequence number, SCTP's INIT as its tag, UDP as its only content (RFC 9293, 9260,
 * 768).
 */
final class ProbePacket {

  static final List<Integer> PROTOCOLS =
      List.of(Protocol.TCP.number(), Protocol.UDP.number(), Protocol.SCTP.number());

  /** For any packet of this class, and whatever else a socket may see. */
  static final int CAPACITY = 2048;

  private static final int IPV4_HEADER = 20;
  private static final int IPV6_HEADER = 40;
  private static final int TCP_LENGTH = 20;
  private static final int UDP_LENGTH = 12;
  private static final int SCTP_LENGTH = 32;
  private static final int SYN = 0x02;
  private static final int ACK = 0x10;
  private static final int INIT = 1;

  private ProbePacket() {}

  /** What a packet says; {@code id} is of the probe. */
  sealed interface Reading {

    /** A probe has arrived. */
    record Arrival(int id, Protocol protocol, IpAddress destination, int port) implements Reading {}

    /** A TCP probe was answered: accepted or reset. */
    record Answer(int id, IpAddress source, IpAddress destination) implements Reading {}

    /** Neither. */
    record Other() implements Reading {}
  }

  private static final Reading OTHER = new Reading.Other();

  /** Writes a packet; returns its length. */
  static int write(
      NativeBuffer packet,
      Protocol protocol,
      IpAddress source,
      IpAddress destination,
      int sourcePort,
      int port,
      int id) {
    int length =
        switch (protocol) {
          case TCP -> TCP_LENGTH;
          case UDP -> UDP_LENGTH;
          case SCTP -> SCTP_LENGTH;
        };
    int start = writeHeader(packet, protocol, source, destination, length);
    packet.clear(start, length);
    packet.putU16Be(start, sourcePort);
    packet.putU16Be(start + 2, port);
    switch (protocol) {
      case TCP -> {
        packet.putU32Be(start + 4, id);
        packet.putU8(start + 12, (TCP_LENGTH / 4) << 4);
        packet.putU8(start + 13, SYN);
        packet.putU16Be(start + 14, 64240);
        packet.putU16Be(start + 16, checksum(packet, start, length, protocol, source, destination));
      }
      case UDP -> {
        packet.putU16Be(start + 4, UDP_LENGTH);
        packet.putU32Be(start + 8, id);
        packet.putU16Be(start + 6, checksum(packet, start, length, protocol, source, destination));
      }
      case SCTP -> {
        packet.putU8(start + 12, INIT);
        packet.putU16Be(start + 14, 20);
        packet.putU32Be(start + 16, id);
        packet.putU32Be(start + 20, 1 << 16);
        packet.putU16Be(start + 24, 1);
        packet.putU16Be(start + 26, 1);
        packet.putU32Be(start + 28, id);
        packet.putU32Be(start + 8, crc32c(packet, start, length));
      }
    }
    return start + length;
  }

  private static int writeHeader(
      NativeBuffer packet,
      Protocol protocol,
      IpAddress source,
      IpAddress destination,
      int contentLength) {
    return switch (source.family()) {
      case IPV4 -> {
        packet.clear(0, IPV4_HEADER);
        packet.putU8(0, 0x45);
        packet.putU16Be(2, IPV4_HEADER + contentLength);
        packet.putU8(8, 64);
        packet.putU8(9, protocol.number());
        packet.putBytes(12, source.bytes());
        packet.putBytes(16, destination.bytes());
        yield IPV4_HEADER; // The kernel writes the checksum.
      }
      case IPV6 -> {
        packet.clear(0, IPV6_HEADER);
        packet.putU8(0, 0x60);
        packet.putU16Be(4, contentLength);
        packet.putU8(6, protocol.number());
        packet.putU8(7, 64);
        packet.putBytes(8, source.bytes());
        packet.putBytes(24, destination.bytes());
        yield IPV6_HEADER;
      }
    };
  }

  /** RFC 1071, over the pseudo header, too. */
  private static int checksum(
      NativeBuffer packet,
      int start,
      int length,
      Protocol protocol,
      IpAddress source,
      IpAddress destination) {
    int sum = protocol.number() + length + sum(source.bytes()) + sum(destination.bytes());
    for (int at = start; at < start + length; at += 2) {
      sum += packet.u16Be(at);
    }
    sum = (sum & 0xffff) + (sum >>> 16);
    sum = (sum & 0xffff) + (sum >>> 16);
    int checksum = ~sum & 0xffff;
    return checksum == 0 && protocol == Protocol.UDP ? 0xffff : checksum;
  }

  private static int sum(byte[] bytes) {
    int sum = 0;
    for (int i = 0; i < bytes.length; i += 2) {
      sum += (bytes[i] & 0xff) << 8 | (bytes[i + 1] & 0xff);
    }
    return sum;
  }

  /** RFC 9260, appendix A: sent with its least significant byte first. */
  private static int crc32c(NativeBuffer packet, int start, int length) {
    byte[] bytes = packet.bytes(start, length);
    for (int i = 8; i < 12; i++) {
      bytes[i] = 0;
    }
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return Integer.reverseBytes((int) crc.getValue());
  }

  /** Reads a packet that was seen. An INIT with a wrong checksum is none. */
  static Reading read(NativeBuffer packet, int length) {
    boolean isIpv4 = packet.u8(0) >> 4 == 4;
    int start = isIpv4 ? (packet.u8(0) & 0x0f) * 4 : IPV6_HEADER;
    if (length < start + UDP_LENGTH) {
      return OTHER;
    }
    int protocol = packet.u8(isIpv4 ? 9 : 6);
    if (protocol == Protocol.TCP.number() && length >= start + TCP_LENGTH) {
      int flags = packet.u8(start + 13) & (SYN | ACK);
      if (flags == SYN) {
        return arrival(packet, start, Protocol.TCP, packet.u32Be(start + 4));
      }
      return flags == 0
          ? OTHER
          : new Reading.Answer(
              packet.u32Be(start + 8) - 1, source(packet, isIpv4), destination(packet, isIpv4));
    }
    if (protocol == Protocol.UDP.number() && packet.u16Be(start + 4) == UDP_LENGTH) {
      return arrival(packet, start, Protocol.UDP, packet.u32Be(start + 8));
    }
    if (protocol == Protocol.SCTP.number()
        && length >= start + SCTP_LENGTH
        && packet.u8(start + 12) == INIT
        && packet.u32Be(start + 8) == crc32c(packet, start, SCTP_LENGTH)) {
      return arrival(packet, start, Protocol.SCTP, packet.u32Be(start + 16));
    }
    return OTHER;
  }

  private static Reading arrival(NativeBuffer packet, int start, Protocol protocol, int id) {
    boolean isIpv4 = packet.u8(0) >> 4 == 4;
    return new Reading.Arrival(id, protocol, destination(packet, isIpv4), packet.u16Be(start + 2));
  }

  private static IpAddress source(NativeBuffer packet, boolean isIpv4) {
    return IpAddress.of(isIpv4 ? packet.bytes(12, 4) : packet.bytes(8, 16));
  }

  private static IpAddress destination(NativeBuffer packet, boolean isIpv4) {
    return IpAddress.of(isIpv4 ? packet.bytes(16, 4) : packet.bytes(24, 16));
  }
}
