package io.fairlead.dataplane.netlink.route;

import static io.fairlead.dataplane.netlink.route.RouteConstants.*;

import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.MessageWriter;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import org.jspecify.annotations.Nullable;

/** Link messages: struct ifinfomsg and IFLA_ attributes (linux/if_link.h). */
final class LinkCodec {

  private LinkCodec() {}

  /** Asks for all links, without their statistics. */
  static void writeDump(MessageWriter writer) {
    writer.zeros(LINK_HEADER).attributeU32(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
  }

  /** Names one link. */
  static void writeSelector(MessageWriter writer, LinkSelector link) {
    writeHeader(writer, link, null);
    if (link instanceof LinkSelector.ByName(String name)) {
      writer.attributeString(IFLA_IFNAME, name);
    }
  }

  /** Names all links of a group. */
  static void writeGroup(MessageWriter writer, int group) {
    writer.zeros(LINK_HEADER).attributeU32(IFLA_GROUP, group);
  }

  private static void writeHeader(
      MessageWriter writer, @Nullable LinkSelector link, @Nullable Boolean up) {
    writer
        .u8(AF_UNSPEC)
        .u8(0)
        .u16(0)
        .u32(link instanceof LinkSelector.ByIndex(int index) ? index : 0)
        .u32(Boolean.TRUE.equals(up) ? IFF_UP : 0)
        .u32(up == null ? 0 : IFF_UP);
  }

  static void writeAdd(MessageWriter writer, RouteOperation.AddLink operation) {
    writeHeader(writer, null, operation.settings().up());
    writer.attributeString(IFLA_IFNAME, operation.name());
    writeSettings(writer, operation.settings());
    LinkKindCodec.write(writer, operation.kind());
  }

  static void writeAdd(MessageWriter writer, RouteOperation.AddVethPair operation) {
    writeHeader(writer, null, operation.settings().up());
    writer.attributeString(IFLA_IFNAME, operation.name());
    writeSettings(writer, operation.settings());
    int info = writer.beginNested(IFLA_LINKINFO);
    writer.attributeString(IFLA_INFO_KIND, "veth");
    int data = writer.beginNested(IFLA_INFO_DATA);
    int peer = writer.beginNested(VETH_INFO_PEER);
    writeHeader(writer, null, operation.peerSettings().up());
    writer.attributeString(IFLA_IFNAME, operation.peerName());
    writeSettings(writer, operation.peerSettings());
    writer.endAttribute(peer).endAttribute(data).endAttribute(info);
  }

  static void writeChange(MessageWriter writer, RouteOperation.ChangeLink operation) {
    LinkSettings settings = operation.settings();
    writeHeader(writer, operation.link(), settings.up());
    if (operation.link() instanceof LinkSelector.ByName(String name)) {
      writer.attributeString(IFLA_IFNAME, name);
    } else if (settings.name() != null) {
      writer.attributeString(IFLA_IFNAME, settings.name());
    }
    writeSettings(writer, settings);
  }

  static void writeChange(MessageWriter writer, RouteOperation.ChangeLinkKind operation) {
    writeSelector(writer, operation.link());
    LinkKindCodec.write(writer, operation.kind());
  }

  private static void writeSettings(MessageWriter writer, LinkSettings settings) {
    if (settings.mac() != null) {
      writer.attributeBytes(IFLA_ADDRESS, settings.mac().bytes());
    }
    if (settings.mtu() != null) {
      writer.attributeU32(IFLA_MTU, settings.mtu());
    }
    if (settings.masterIndex() != null) {
      writer.attributeU32(IFLA_MASTER, settings.masterIndex());
    }
    if (settings.alias() != null) {
      writer.attributeString(IFLA_IFALIAS, settings.alias());
    }
    if (settings.group() != null) {
      writer.attributeU32(IFLA_GROUP, settings.group());
    }
    if (settings.namespace() != null) {
      writer.attributeU32(IFLA_NET_NS_FD, settings.namespace().number());
    }
  }

  /** Writes what {@link #decode} reads, as the kernel would; for fakes and tests. */
  static void writeLink(MessageWriter writer, Link link) {
    writer.u8(AF_UNSPEC).u8(0).u16(0).u32(link.index()).u32(link.flags()).u32(0);
    writer.attributeString(IFLA_IFNAME, link.name()).attributeU32(IFLA_MTU, link.mtu());
    MacAddress mac = link.mac();
    if (mac != null) {
      writer.attributeBytes(IFLA_ADDRESS, mac.bytes());
    }
    if (link.masterIndex() != 0) {
      writer.attributeU32(IFLA_MASTER, link.masterIndex());
    }
    if (link.parentIndex() != 0) {
      writer.attributeU32(IFLA_LINK, link.parentIndex());
    }
    if (link.parentNamespace() >= 0) {
      writer.attributeU32(IFLA_LINK_NETNSID, link.parentNamespace());
    }
    if (!link.alias().isEmpty()) {
      writer.attributeString(IFLA_IFALIAS, link.alias());
    }
    LinkKindCodec.write(writer, link.kind());
  }

  /** The link, or null for the bridge's own messages about its ports. */
  static @Nullable Link decode(NetlinkMessage message) {
    if (message.u8(0) != AF_UNSPEC) {
      return null;
    }
    String name = "";
    MacAddress mac = null;
    int mtu = 0;
    int master = 0;
    int parent = 0;
    int parentNamespace = -1;
    String alias = "";
    LinkKind kind = new LinkKind.Other("");
    AttributeReader attributes = message.attributes(LINK_HEADER);
    while (attributes.next()) {
      switch (attributes.type()) {
        case IFLA_IFNAME -> name = attributes.string();
        case IFLA_ADDRESS -> mac = Fields.mac(attributes);
        case IFLA_MTU -> mtu = attributes.u32();
        case IFLA_MASTER -> master = attributes.u32();
        case IFLA_LINK -> parent = attributes.u32();
        case IFLA_LINK_NETNSID -> parentNamespace = Math.max(attributes.u32(), -1);
        case IFLA_IFALIAS -> alias = attributes.string();
        case IFLA_LINKINFO -> kind = LinkKindCodec.decode(attributes.nested());
        default -> {}
      }
    }
    return new Link(
        message.u32(4),
        name,
        mac,
        mtu,
        message.u32(8),
        master,
        parent,
        parentNamespace,
        alias,
        kind);
  }
}
