package io.fairlead.dataplane.netlink.route;

import static io.fairlead.dataplane.netlink.route.RouteConstants.*;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.MalformedMessageException;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import org.jspecify.annotations.Nullable;

/** Settings of links: struct netconfmsg and NETCONFA_ attributes (linux/netconf.h). */
final class LinkSysctlsCodec {

  private LinkSysctlsCodec() {}

  /** The settings, or null if the message is of another kind, or of no family known here. */
  static @Nullable LinkSysctls decode(NetlinkMessage message) throws MalformedMessageException {
    if (message.type() != RTM_NEWNETCONF) {
      return null;
    }
    AddressFamily family = Fields.family(message.u8(0));
    int index = 0;
    Integer forwarding = null;
    Integer filter = null;
    AttributeReader attributes = message.attributes(NETCONF_HEADER);
    while (attributes.next()) {
      switch (attributes.type()) {
        case NETCONFA_IFINDEX -> index = attributes.u32();
        case NETCONFA_FORWARDING -> forwarding = attributes.u32();
        case NETCONFA_RP_FILTER -> filter = attributes.u32();
        default -> {}
      }
    }
    message.requireWellFormed();
    return family == null ? null : new LinkSysctls(family, index, forwarding, filter);
  }
}
