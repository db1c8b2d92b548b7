package io.fairlead.dataplane.netlink.route;

import static io.fairlead.dataplane.netlink.route.RouteConstants.*;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.MalformedMessageException;
import io.fairlead.dataplane.netlink.MessageWriter;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import org.jspecify.annotations.Nullable;

/** Route messages: struct rtmsg and RTA_ attributes (linux/rtnetlink.h). */
final class RouteCodec {

  private RouteCodec() {}

  /** Asks for the routes of one family; strict checking makes the kernel heed the filter. */
  static void writeDump(MessageWriter writer, AddressFamily family, RouteFilter filter) {
    writer.u8(family.number()).zeros(4).u8(filter.protocol()).zeros(ROUTE_HEADER - 6);
    if (filter.table() != 0) {
      writer.attributeU32(RTA_TABLE, filter.table());
    }
    if (filter.outputIndex() != 0) {
      writer.attributeU32(RTA_OIF, filter.outputIndex());
    }
  }

  /** Asks for the way of one packet. */
  static void writeLookup(MessageWriter writer, RouteLookup lookup) {
    AddressFamily family = lookup.destination().family();
    IpAddress source = lookup.source();
    // Of IPv6 the kernel says the table in any case, and takes the flag for a mistake.
    int flags =
        (family == AddressFamily.IPV4 ? RTM_F_LOOKUP_TABLE : 0)
            | (lookup.matching() ? RTM_F_FIB_MATCH : 0);
    writer
        .u8(family.number())
        .u8(family.bitLength())
        .u8(source == null ? 0 : family.bitLength())
        .zeros(5)
        .u32(flags)
        .attributeAddress(RTA_DST, lookup.destination());
    if (source != null) {
      writer.attributeAddress(RTA_SRC, source);
    }
    if (lookup.inputIndex() != 0) {
      writer.attributeU32(RTA_IIF, lookup.inputIndex());
    }
    if (lookup.mark() != 0) {
      writer.attributeU32(RTA_MARK, lookup.mark());
    }
  }

  static void write(MessageWriter writer, Route route) {
    AddressFamily family = route.family();
    writer
        .u8(family.number())
        .u8(route.destination().prefixLength())
        .u8(0)
        .u8(0)
        .u8(0)
        .u8(route.protocol())
        .u8(route.scope())
        .u8(route.type())
        .u32(route.onlink() ? RTNH_F_ONLINK : 0)
        .attributeU32(RTA_TABLE, route.table());
    if (route.destination().prefixLength() != 0) {
      writer.attributeAddress(RTA_DST, route.destination().network());
    }
    IpAddress gateway = route.gateway();
    if (gateway != null) {
      writeGateway(writer, family, gateway);
    }
    if (route.outputIndex() != 0) {
      writer.attributeU32(RTA_OIF, route.outputIndex());
    }
    IpAddress source = route.source();
    if (source != null) {
      writer.attributeAddress(RTA_PREFSRC, source);
    }
    if (route.metric() != 0) {
      writer.attributeU32(RTA_PRIORITY, route.metric());
    }
    if (route.mtu() != 0) {
      int metrics = writer.beginNested(RTA_METRICS);
      writer.attributeU32(RTAX_MTU, route.mtu()).endAttribute(metrics);
    }
  }

  private static void writeGateway(MessageWriter writer, AddressFamily family, IpAddress gateway) {
    if (gateway.family() == family) {
      writer.attributeAddress(RTA_GATEWAY, gateway);
    } else {
      // struct rtvia: u16 family, then the address (an IPv4 route with an IPv6 next hop).
      int via = writer.beginAttribute(RTA_VIA);
      writer.u16(gateway.family().number()).address(gateway).endAttribute(via);
    }
  }

  /** The route, or null if it is a cached copy or of no family known here. */
  static @Nullable Route decode(NetlinkMessage message) throws MalformedMessageException {
    return (message.u32(8) & RTM_F_CLONED) != 0 ? null : decodeAny(message);
  }

  /**
   * The answer to a lookup. As long as nobody has made rules, Linux keeps the tables local and main
   * of IPv4 as one, and calls that main.
   */
  static @Nullable Route decodeAnswer(NetlinkMessage message) throws MalformedMessageException {
    Route route = decodeAny(message);
    return route != null && route.type() == Route.TYPE_LOCAL && route.table() == Route.TABLE_MAIN
        ? route.withTable(Route.TABLE_LOCAL)
        : route;
  }

  /** The route, also one that was made for a single packet; null if of no family known here. */
  private static @Nullable Route decodeAny(NetlinkMessage message)
      throws MalformedMessageException {
    AddressFamily family = Fields.family(message.u8(0));
    int flags = message.u32(8);
    if (family == null) {
      return null;
    }
    int table = message.u8(4);
    IpAddress destination = null;
    IpAddress gateway = null;
    int output = 0;
    IpAddress source = null;
    int metric = 0;
    int mtu = 0;
    AttributeReader attributes = message.attributes(ROUTE_HEADER);
    while (attributes.next()) {
      switch (attributes.type()) {
        case RTA_DST -> destination = attributes.address();
        case RTA_GATEWAY -> gateway = attributes.address();
        case RTA_VIA -> gateway = decodeVia(attributes);
        case RTA_OIF -> output = attributes.u32();
        case RTA_PREFSRC -> source = attributes.address();
        case RTA_PRIORITY -> metric = attributes.u32();
        case RTA_TABLE -> table = attributes.u32();
        case RTA_METRICS -> mtu = decodeMtu(attributes.nested());
        default -> {}
      }
    }
    message.requireWellFormed();
    return new Route(
        Fields.cidr(family, destination, message.u8(1)),
        gateway,
        output,
        source,
        table,
        message.u8(5),
        message.u8(6),
        message.u8(7),
        metric,
        mtu,
        (flags & RTNH_F_ONLINK) != 0);
  }

  private static IpAddress decodeVia(AttributeReader via) throws MalformedMessageException {
    byte[] content = via.bytes();
    if (content.length != 6 && content.length != 18) {
      throw new MalformedMessageException("a next hop of " + content.length + " bytes");
    }
    return IpAddress.of(java.util.Arrays.copyOfRange(content, 2, content.length));
  }

  private static int decodeMtu(AttributeReader metrics) {
    int mtu = 0;
    while (metrics.next()) {
      if (metrics.type() == RTAX_MTU) {
        mtu = metrics.u32();
      }
    }
    return mtu;
  }
}
