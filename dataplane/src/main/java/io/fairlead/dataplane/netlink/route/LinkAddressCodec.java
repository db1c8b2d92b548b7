package io.fairlead.dataplane.netlink.route;

import static io.fairlead.dataplane.netlink.route.RouteConstants.*;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.MalformedMessageException;
import io.fairlead.dataplane.netlink.MessageWriter;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import org.jspecify.annotations.Nullable;

/** Address messages: struct ifaddrmsg and IFA_ attributes (linux/if_addr.h). */
final class LinkAddressCodec {

  private LinkAddressCodec() {}

  /** Asks for the addresses of one link, or of all if {@code linkIndex} is 0. */
  static void writeDump(MessageWriter writer, int linkIndex) {
    writer.zeros(4).u32(linkIndex);
  }

  static void write(MessageWriter writer, LinkAddress address) {
    writer
        .u8(address.address().family().number())
        .u8(address.prefixLength())
        .u8(address.flags() & 0xff)
        .u8(address.scope())
        .u32(address.linkIndex())
        .attributeAddress(IFA_LOCAL, address.address())
        .attributeAddress(IFA_ADDRESS, address.address())
        .attributeU32(IFA_FLAGS, address.flags());
    if (address.protocol() != 0) {
      writer.attributeU8(IFA_PROTO, address.protocol());
    }
  }

  /** The address, or null if it is of no family known here. */
  static @Nullable LinkAddress decode(NetlinkMessage message) throws MalformedMessageException {
    AddressFamily family = Fields.family(message.u8(0));
    if (family == null) {
      return null;
    }
    int prefixLength = message.u8(1);
    int flags = message.u8(2);
    int scope = message.u8(3);
    int linkIndex = message.u32(4);
    int protocol = 0;
    IpAddress local = null;
    IpAddress address = null;
    AttributeReader attributes = message.attributes(ADDRESS_HEADER);
    while (attributes.next()) {
      switch (attributes.type()) {
        case IFA_LOCAL -> local = attributes.address();
        case IFA_ADDRESS -> address = attributes.address();
        case IFA_FLAGS -> flags = attributes.u32();
        case IFA_PROTO -> protocol = attributes.u8();
        default -> {}
      }
    }
    message.requireWellFormed();
    // IFA_ADDRESS is the other end's on a point-to-point link; IFA_LOCAL is always our own.
    IpAddress own = local == null ? address : local;
    if (own == null) {
      throw new MalformedMessageException("an address message without an address");
    }
    Fields.requireFamily(family, own);
    Fields.requirePrefixLength(family, prefixLength);
    return new LinkAddress(linkIndex, own, prefixLength, scope, flags, protocol);
  }
}
