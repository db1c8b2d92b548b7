package io.fairlead.dataplane.netlink.route;

import static io.fairlead.dataplane.netlink.route.RouteConstants.*;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.MalformedMessageException;
import io.fairlead.dataplane.netlink.MessageWriter;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import org.jspecify.annotations.Nullable;

/**
 * Neighbours and forwarding entries, which share struct ndmsg and the NDA_ attributes
 * (linux/neighbour.h); forwarding entries are those of the family AF_BRIDGE.
 */
final class NeighbourCodec {

  private NeighbourCodec() {}

  /** Asks for the neighbours of both families on one link, or on all if {@code linkIndex} is 0. */
  static void writeDump(MessageWriter writer, int linkIndex) {
    writer.zeros(NEIGHBOUR_HEADER);
    if (linkIndex != 0) {
      writer.attributeU32(NDA_IFINDEX, linkIndex);
    }
  }

  /** Asks for the forwarding entries of one device, or of all if {@code linkIndex} is 0. */
  static void writeForwardingDump(MessageWriter writer, int linkIndex) {
    writer.u8(AF_BRIDGE).zeros(3).u32(linkIndex).zeros(4);
  }

  static void write(MessageWriter writer, Neighbour neighbour) {
    writer
        .u8(neighbour.address().family().number())
        .zeros(3)
        .u32(neighbour.linkIndex())
        .u16(neighbour.state())
        .u8(0)
        .u8(0)
        .attributeAddress(NDA_DST, neighbour.address());
    MacAddress mac = neighbour.mac();
    if (mac != null) {
      writer.attributeBytes(NDA_LLADDR, mac.bytes());
    }
    if (neighbour.protocol() != 0) {
      writer.attributeU8(NDA_PROTOCOL, neighbour.protocol());
    }
  }

  static void write(MessageWriter writer, ForwardingEntry entry) {
    writer
        .u8(AF_BRIDGE)
        .zeros(3)
        .u32(entry.linkIndex())
        .u16(entry.state())
        .u8(entry.flags())
        .u8(0)
        .attributeBytes(NDA_LLADDR, entry.mac().bytes());
    IpAddress destination = entry.destination();
    if (destination != null) {
      writer.attributeAddress(NDA_DST, destination);
    }
    if (entry.vlan() != 0) {
      writer.attributeU16(NDA_VLAN, entry.vlan());
    }
  }

  /** A neighbour or a forwarding entry, or null if it is neither or has no address. */
  static @Nullable RouteEntry decode(NetlinkMessage message) throws MalformedMessageException {
    IpAddress destination = null;
    MacAddress mac = null;
    int vlan = 0;
    int protocol = 0;
    AttributeReader attributes = message.attributes(NEIGHBOUR_HEADER);
    while (attributes.next()) {
      switch (attributes.type()) {
        case NDA_DST -> destination = attributes.address();
        case NDA_LLADDR -> mac = Fields.mac(attributes);
        case NDA_VLAN -> vlan = attributes.u16();
        case NDA_PROTOCOL -> protocol = attributes.u8();
        default -> {}
      }
    }
    message.requireWellFormed();
    int linkIndex = message.u32(4);
    int state = message.u16(8);
    if (message.u8(0) == AF_BRIDGE) {
      return mac == null
          ? null
          : new ForwardingEntry(linkIndex, mac, destination, state, message.u8(10), vlan);
    }
    AddressFamily family = Fields.family(message.u8(0));
    if (family == null || destination == null) {
      return null;
    }
    Fields.requireFamily(family, destination);
    return new Neighbour(linkIndex, destination, mac, state, protocol);
  }
}
