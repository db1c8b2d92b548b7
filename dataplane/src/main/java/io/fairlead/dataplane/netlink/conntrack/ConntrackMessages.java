package io.fairlead.dataplane.netlink.conntrack;

import static io.fairlead.dataplane.netlink.conntrack.ConntrackConstants.*;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Ipv4Address;
import io.fairlead.dataplane.netlink.MessageWriter;
import org.jspecify.annotations.Nullable;

/** Writes the bodies of ctnetlink requests. */
final class ConntrackMessages {

  private static final int UNSPECIFIED_FAMILY = 0;

  private ConntrackMessages() {}

  private static void header(MessageWriter writer, @Nullable AddressFamily family) {
    writer.u8(family == null ? UNSPECIFIED_FAMILY : family.number()).u8(0).u16Be(0);
  }

  static void writeCount(MessageWriter writer) {
    header(writer, null);
  }

  /**
   * Asks for little more than what {@code filter} lets through; the reader must filter once again.
   * Kernels older than 5.8 do not know CTA_FILTER and pass over it. Linux 6.18 compares IPv6
   * addresses the wrong way round, leaving out just what matches, so those are not sent.
   */
  static void writeDump(MessageWriter writer, ConntrackFilter filter) {
    header(writer, filter.family());
    if (filter.markMask() != 0) {
      writer.attributeU32Be(CTA_MARK, filter.mark() & filter.markMask());
      writer.attributeU32Be(CTA_MARK_MASK, filter.markMask());
    }
    if (filter.family() == null) {
      return; // The kernel reads tuples of one family only.
    }
    int originalFlags = flags(filter.original(), filter.protocol());
    int replyFlags = flags(filter.reply(), null);
    if (replyFlags != 0) {
      // Ports mean nothing to the kernel without a protocol.
      replyFlags = flags(filter.reply(), filter.protocol());
    }
    if (originalFlags == 0 && replyFlags == 0) {
      return;
    }
    writeTuple(writer, CTA_TUPLE_ORIG, filter.original(), filter.protocol(), originalFlags);
    writeTuple(writer, CTA_TUPLE_REPLY, filter.reply(), filter.protocol(), replyFlags);
    int nested = writer.beginNested(CTA_FILTER);
    writer.attributeU32(CTA_FILTER_ORIG_FLAGS, originalFlags);
    writer.attributeU32(CTA_FILTER_REPLY_FLAGS, replyFlags);
    writer.endAttribute(nested);
  }

  private static int flags(TupleFilter tuple, @Nullable Integer protocol) {
    return (tuple.source() instanceof Ipv4Address ? FILTER_IP_SRC : 0)
        | (tuple.destination() instanceof Ipv4Address ? FILTER_IP_DST : 0)
        | (protocol == null ? 0 : FILTER_PROTO_NUM)
        | (tuple.sourcePort() == null ? 0 : FILTER_PROTO_SRC_PORT)
        | (tuple.destinationPort() == null ? 0 : FILTER_PROTO_DST_PORT);
  }

  private static void writeTuple(
      MessageWriter writer, int type, TupleFilter filter, @Nullable Integer protocol, int flags) {
    if (flags == 0) {
      return;
    }
    int tuple = writer.beginNested(type);
    if (filter.source() instanceof Ipv4Address || filter.destination() instanceof Ipv4Address) {
      int addresses = writer.beginNested(CTA_TUPLE_IP);
      if (filter.source() instanceof Ipv4Address source) {
        writer.attributeAddress(CTA_IP_V4_SRC, source);
      }
      if (filter.destination() instanceof Ipv4Address destination) {
        writer.attributeAddress(CTA_IP_V4_DST, destination);
      }
      writer.endAttribute(addresses);
    }
    if (protocol != null) {
      int transport = writer.beginNested(CTA_TUPLE_PROTO);
      writer.attributeU8(CTA_PROTO_NUM, protocol);
      Integer sourcePort = filter.sourcePort();
      if (sourcePort != null) {
        writer.attributeU16Be(CTA_PROTO_SRC_PORT, sourcePort);
      }
      Integer destinationPort = filter.destinationPort();
      if (destinationPort != null) {
        writer.attributeU16Be(CTA_PROTO_DST_PORT, destinationPort);
      }
      writer.endAttribute(transport);
    }
    writer.endAttribute(tuple);
  }

  /**
   * Names one entry by what its first packet looked like and by its id. A request without a tuple
   * would empty the whole table, so there is no way to write one.
   */
  static void writeDelete(MessageWriter writer, ConntrackEntry entry) {
    header(writer, entry.family());
    writeTuple(writer, CTA_TUPLE_ORIG, entry.original(), entry.zone(), true);
    writeZone(writer, entry.zone());
    writer.attributeU32Be(CTA_ID, entry.id());
  }

  static void writeZone(MessageWriter writer, ConntrackZone zone) {
    if (zone.id() != 0 && zone.direction() == ConntrackZone.Direction.BOTH) {
      writer.attributeU16Be(CTA_ZONE, zone.id());
    }
  }

  static void writeTuple(
      MessageWriter writer, int type, ConntrackTuple value, ConntrackZone zone, boolean original) {
    int tuple = writer.beginNested(type);
    int addresses = writer.beginNested(CTA_TUPLE_IP);
    writer.attributeAddress(sourceType(value.family()), value.source());
    writer.attributeAddress(destinationType(value.family()), value.destination());
    writer.endAttribute(addresses);
    int transport = writer.beginNested(CTA_TUPLE_PROTO);
    writer.attributeU8(CTA_PROTO_NUM, value.protocol());
    switch (value.key()) {
      case TransportKey.Ports ports -> {
        writer.attributeU16Be(CTA_PROTO_SRC_PORT, ports.source());
        writer.attributeU16Be(CTA_PROTO_DST_PORT, ports.destination());
      }
      case TransportKey.Icmp icmp -> {
        boolean v4 = value.family() == AddressFamily.IPV4;
        writer.attributeU16Be(v4 ? CTA_PROTO_ICMP_ID : CTA_PROTO_ICMPV6_ID, icmp.identifier());
        writer.attributeU8(v4 ? CTA_PROTO_ICMP_TYPE : CTA_PROTO_ICMPV6_TYPE, icmp.type());
        writer.attributeU8(v4 ? CTA_PROTO_ICMP_CODE : CTA_PROTO_ICMPV6_CODE, icmp.code());
      }
      case TransportKey.None _ -> {}
    }
    writer.endAttribute(transport);
    boolean zoned =
        switch (zone.direction()) {
          case BOTH -> false;
          case ORIGINAL -> original;
          case REPLY -> !original;
        };
    if (zoned) {
      writer.attributeU16Be(CTA_TUPLE_ZONE, zone.id());
    }
    writer.endAttribute(tuple);
  }

  private static int sourceType(AddressFamily family) {
    return switch (family) {
      case IPV4 -> CTA_IP_V4_SRC;
      case IPV6 -> CTA_IP_V6_SRC;
    };
  }

  private static int destinationType(AddressFamily family) {
    return switch (family) {
      case IPV4 -> CTA_IP_V4_DST;
      case IPV6 -> CTA_IP_V6_DST;
    };
  }
}
