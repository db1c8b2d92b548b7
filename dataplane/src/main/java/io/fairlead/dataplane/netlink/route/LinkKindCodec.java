package io.fairlead.dataplane.netlink.route;

import static io.fairlead.dataplane.netlink.route.RouteConstants.*;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.MessageWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** IFLA_LINKINFO: the kind's name and, if it has any, its parameters. */
final class LinkKindCodec {

  private LinkKindCodec() {}

  static void write(MessageWriter writer, LinkKind kind) {
    if (kind.kernelName().isEmpty()) {
      return;
    }
    int info = writer.beginNested(IFLA_LINKINFO);
    writer.attributeString(IFLA_INFO_KIND, kind.kernelName());
    switch (kind) {
      case LinkKind.Bridge bridge -> writeBridge(writer, bridge);
      case LinkKind.Vxlan vxlan -> writeVxlan(writer, vxlan);
      case LinkKind.Veth _, LinkKind.Dummy _, LinkKind.Other _ -> {}
    }
    writer.endAttribute(info);
  }

  private static void writeBridge(MessageWriter writer, LinkKind.Bridge bridge) {
    int data = writer.beginNested(IFLA_INFO_DATA);
    writer
        .attributeU8(IFLA_BR_MCAST_SNOOPING, bridge.multicastSnooping() ? 1 : 0)
        .attributeBytes(
            IFLA_BR_MULTI_BOOLOPT, options(bridge.linkLocalLearning() ? 0 : BR_BOOLOPT_NO_LL_LEARN))
        .endAttribute(data);
  }

  /** struct br_boolopt_multi of linux/if_bridge.h: values, and which of them count. */
  private static byte[] options(int values) {
    return ByteBuffer.allocate(8)
        .order(ByteOrder.nativeOrder())
        .putInt(values)
        .putInt(BR_BOOLOPT_NO_LL_LEARN)
        .array();
  }

  private static void writeVxlan(MessageWriter writer, LinkKind.Vxlan vxlan) {
    int data = writer.beginNested(IFLA_INFO_DATA);
    writer.attributeU32(IFLA_VXLAN_ID, vxlan.vni()).attributeU16Be(IFLA_VXLAN_PORT, vxlan.port());
    IpAddress local = vxlan.local();
    if (local != null) {
      boolean v4 = local.family() == AddressFamily.IPV4;
      writer.attributeAddress(v4 ? IFLA_VXLAN_LOCAL : IFLA_VXLAN_LOCAL6, local);
    }
    if (vxlan.underlayIndex() != 0) {
      writer.attributeU32(IFLA_VXLAN_LINK, vxlan.underlayIndex());
    }
    writer.attributeU8(IFLA_VXLAN_LEARNING, vxlan.learning() ? 1 : 0).endAttribute(data);
  }

  static LinkKind decode(AttributeReader info) {
    String name = "";
    AttributeReader data = null;
    while (info.next()) {
      switch (info.type()) {
        case IFLA_INFO_KIND -> name = info.string();
        case IFLA_INFO_DATA -> data = info.nested();
        default -> {}
      }
    }
    return switch (name) {
      case "veth" -> new LinkKind.Veth();
      case "dummy" -> new LinkKind.Dummy();
      case "bridge" -> decodeBridge(data);
      case "vxlan" -> decodeVxlan(data);
      default -> new LinkKind.Other(name);
    };
  }

  private static LinkKind decodeBridge(@Nullable AttributeReader data) {
    boolean multicastSnooping = false;
    boolean linkLocalLearning = true;
    while (data != null && data.next()) {
      switch (data.type()) {
        case IFLA_BR_MCAST_SNOOPING -> multicastSnooping = data.u8() != 0;
        case IFLA_BR_MULTI_BOOLOPT -> linkLocalLearning = learns(data.bytes());
        default -> {}
      }
    }
    return new LinkKind.Bridge(multicastSnooping, linkLocalLearning);
  }

  private static boolean learns(byte[] options) {
    return options.length < 8
        || (ByteBuffer.wrap(options).order(ByteOrder.nativeOrder()).getInt()
                & BR_BOOLOPT_NO_LL_LEARN)
            == 0;
  }

  private static LinkKind decodeVxlan(@Nullable AttributeReader data) {
    int vni = 0;
    int port = 0;
    IpAddress local = null;
    int underlay = 0;
    boolean learning = false;
    while (data != null && data.next()) {
      switch (data.type()) {
        case IFLA_VXLAN_ID -> vni = data.u32() & 0xffffff;
        case IFLA_VXLAN_PORT -> port = data.u16Be();
        case IFLA_VXLAN_LOCAL, IFLA_VXLAN_LOCAL6 -> local = data.address();
        case IFLA_VXLAN_LINK -> underlay = data.u32();
        case IFLA_VXLAN_LEARNING -> learning = data.u8() != 0;
        default -> {}
      }
    }
    return new LinkKind.Vxlan(vni, port, local, underlay, learning);
  }
}
