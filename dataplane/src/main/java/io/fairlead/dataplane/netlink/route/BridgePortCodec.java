package io.fairlead.dataplane.netlink.route;

import static io.fairlead.dataplane.netlink.route.RouteConstants.*;

import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.MessageWriter;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import org.jspecify.annotations.Nullable;

/** Bridge ports: IFLA_BRPORT_ attributes within link messages (linux/if_link.h). */
final class BridgePortCodec {

  private BridgePortCodec() {}

  /** Asks for the ports of all bridges. */
  static void writeDump(MessageWriter writer) {
    writer.u8(AF_BRIDGE).zeros(LINK_HEADER - 1);
  }

  /** As a change of the link itself, since only that way can name it. */
  static void writeChange(MessageWriter writer, RouteOperation.SetBridgePort operation) {
    LinkCodec.writeSelector(writer, operation.link());
    int info = writer.beginNested(IFLA_LINKINFO);
    writer.attributeString(IFLA_INFO_SLAVE_KIND, "bridge");
    int data = writer.beginNested(IFLA_INFO_SLAVE_DATA);
    writeSettings(writer, operation.settings());
    writer.endAttribute(data).endAttribute(info);
  }

  /** Writes what {@link #decode} reads, as the kernel would; for tests. */
  static void writePort(MessageWriter writer, BridgePort port) {
    writer.u8(AF_BRIDGE).u8(0).u16(0).u32(port.linkIndex()).u32(0).u32(0);
    writer.attributeU32(IFLA_MASTER, port.bridgeIndex());
    int info = writer.beginNested(IFLA_PROTINFO);
    writeSettings(writer, port.settings());
    writer.endAttribute(info);
  }

  private static void writeSettings(MessageWriter writer, BridgePortSettings settings) {
    write(writer, IFLA_BRPORT_MODE, settings.hairpin());
    write(writer, IFLA_BRPORT_ISOLATED, settings.isolated());
    write(writer, IFLA_BRPORT_LEARNING, settings.learning());
    write(writer, IFLA_BRPORT_NEIGH_SUPPRESS, settings.neighbourSuppression());
    write(writer, IFLA_BRPORT_UNICAST_FLOOD, settings.unicastFlood());
    write(writer, IFLA_BRPORT_MCAST_FLOOD, settings.multicastFlood());
    write(writer, IFLA_BRPORT_BCAST_FLOOD, settings.broadcastFlood());
  }

  private static void write(MessageWriter writer, int type, @Nullable Boolean value) {
    if (value != null) {
      writer.attributeU8(type, value ? 1 : 0);
    }
  }

  /** The port, or null if the message is about the bridge itself. */
  static @Nullable BridgePort decode(NetlinkMessage message) {
    int bridge = 0;
    BridgePortSettings settings = null;
    AttributeReader attributes = message.attributes(LINK_HEADER);
    while (attributes.next()) {
      switch (attributes.type()) {
        case IFLA_MASTER -> bridge = attributes.u32();
        case IFLA_PROTINFO -> settings = decodeSettings(attributes.nested());
        default -> {}
      }
    }
    return settings == null || message.u8(0) != AF_BRIDGE
        ? null
        : new BridgePort(message.u32(4), bridge, settings);
  }

  private static BridgePortSettings decodeSettings(AttributeReader data) {
    boolean hairpin = false;
    boolean isolated = false;
    boolean learning = false;
    boolean suppression = false;
    boolean unicast = false;
    boolean multicast = false;
    boolean broadcast = false;
    while (data.next()) {
      switch (data.type()) {
        case IFLA_BRPORT_MODE -> hairpin = data.u8() != 0;
        case IFLA_BRPORT_ISOLATED -> isolated = data.u8() != 0;
        case IFLA_BRPORT_LEARNING -> learning = data.u8() != 0;
        case IFLA_BRPORT_NEIGH_SUPPRESS -> suppression = data.u8() != 0;
        case IFLA_BRPORT_UNICAST_FLOOD -> unicast = data.u8() != 0;
        case IFLA_BRPORT_MCAST_FLOOD -> multicast = data.u8() != 0;
        case IFLA_BRPORT_BCAST_FLOOD -> broadcast = data.u8() != 0;
        default -> {}
      }
    }
    return new BridgePortSettings(
        hairpin, isolated, learning, suppression, unicast, multicast, broadcast);
  }
}
