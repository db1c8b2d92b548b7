package io.fairlead.dataplane.netlink.conntrack;

import static io.fairlead.dataplane.netlink.conntrack.ConntrackConstants.*;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.MalformedMessageException;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import org.jspecify.annotations.Nullable;

/** Reads IPCTNL_MSG_CT_NEW, the form in which the kernel describes an entry. */
final class ConntrackDecoder {

  private @Nullable ConntrackTuple original;
  private @Nullable ConntrackTuple reply;
  private ConntrackZone zone = ConntrackZone.DEFAULT;
  private int mark;
  private int status;
  private int timeout;
  private int id;

  private ConntrackDecoder() {}

  static ConntrackEntry decode(NetlinkMessage message) throws MalformedMessageException {
    return new ConntrackDecoder().read(message);
  }

  private ConntrackEntry read(NetlinkMessage message) throws MalformedMessageException {
    AttributeReader attributes = message.attributes(HEADER_LENGTH);
    while (attributes.next()) {
      switch (attributes.type()) {
        case CTA_TUPLE_ORIG ->
            original = tuple(attributes.nested(), ConntrackZone.Direction.ORIGINAL);
        case CTA_TUPLE_REPLY -> reply = tuple(attributes.nested(), ConntrackZone.Direction.REPLY);
        case CTA_STATUS -> status = attributes.u32Be();
        case CTA_TIMEOUT -> timeout = attributes.u32Be();
        case CTA_MARK -> mark = attributes.u32Be();
        case CTA_ID -> id = attributes.u32Be();
        case CTA_ZONE -> zone = new ConntrackZone(attributes.u16Be(), ConntrackZone.Direction.BOTH);
        default -> {}
      }
    }
    message.requireWellFormed();
    ConntrackTuple there = original;
    ConntrackTuple back = reply;
    if (there == null || back == null) {
      throw new MalformedMessageException("a connection tracking entry lacks one of its tuples");
    }
    return new ConntrackEntry(there, back, zone, mark, status, timeout, id);
  }

  private @Nullable ConntrackTuple tuple(
      AttributeReader attributes, ConntrackZone.Direction direction) {
    IpAddress source = null;
    IpAddress destination = null;
    int protocol = 0;
    TransportKey key = new TransportKey.None();
    while (attributes.next()) {
      switch (attributes.type()) {
        case CTA_TUPLE_IP -> {
          AttributeReader addresses = attributes.nested();
          while (addresses.next()) {
            switch (addresses.type()) {
              case CTA_IP_V4_SRC, CTA_IP_V6_SRC -> source = addresses.address();
              case CTA_IP_V4_DST, CTA_IP_V6_DST -> destination = addresses.address();
              default -> {}
            }
          }
        }
        case CTA_TUPLE_PROTO -> {
          AttributeReader transport = attributes.nested();
          if (transport.next() && transport.type() == CTA_PROTO_NUM) {
            protocol = transport.u8();
            key = key(transport);
          }
        }
        case CTA_TUPLE_ZONE -> zone = new ConntrackZone(attributes.u16Be(), direction);
        default -> {}
      }
    }
    if (source == null || destination == null || source.family() != destination.family()) {
      return null;
    }
    return new ConntrackTuple(source, destination, protocol, key);
  }

  /** The kernel puts the protocol's number first. */
  private static TransportKey key(AttributeReader transport) {
    boolean ports = false;
    boolean icmp = false;
    int source = 0;
    int destination = 0;
    int type = 0;
    int code = 0;
    while (transport.next()) {
      switch (transport.type()) {
        case CTA_PROTO_SRC_PORT -> {
          ports = true;
          source = transport.u16Be();
        }
        case CTA_PROTO_DST_PORT -> {
          ports = true;
          destination = transport.u16Be();
        }
        case CTA_PROTO_ICMP_ID, CTA_PROTO_ICMPV6_ID -> {
          icmp = true;
          source = transport.u16Be();
        }
        case CTA_PROTO_ICMP_TYPE, CTA_PROTO_ICMPV6_TYPE -> type = transport.u8();
        case CTA_PROTO_ICMP_CODE, CTA_PROTO_ICMPV6_CODE -> code = transport.u8();
        default -> {}
      }
    }
    if (ports) {
      return new TransportKey.Ports(source, destination);
    }
    return icmp ? new TransportKey.Icmp(type, code, source) : new TransportKey.None();
  }
}
