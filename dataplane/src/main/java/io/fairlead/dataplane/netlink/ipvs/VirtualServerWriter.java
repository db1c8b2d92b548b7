package io.fairlead.dataplane.netlink.ipvs;

import static io.fairlead.dataplane.netlink.ipvs.IpvsConstants.*;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.netlink.MessageWriter;

/** Writes IPVS_CMD_ATTR_SERVICE. */
final class VirtualServerWriter {

  /** Every flag is set or cleared as we say; the kernel looks after its own by itself. */
  private static final int ALL_FLAGS = -1;

  private VirtualServerWriter() {}

  /** Writes what a virtual server is known by, which is enough unless it is made or changed. */
  static void writeId(MessageWriter writer, VirtualServerId id) {
    int service = writer.beginNested(IPVS_CMD_ATTR_SERVICE);
    writeIdentity(writer, id);
    writer.endAttribute(service);
  }

  static void write(MessageWriter writer, VirtualServer server) {
    int service = writer.beginNested(IPVS_CMD_ATTR_SERVICE);
    writeIdentity(writer, server.id());
    writer.attributeString(IPVS_SVC_ATTR_SCHED_NAME, server.scheduler());
    int flags = writer.beginAttribute(IPVS_SVC_ATTR_FLAGS);
    writer.u32(flags(server)).u32(ALL_FLAGS);
    writer.endAttribute(flags);
    writer.attributeU32(IPVS_SVC_ATTR_TIMEOUT, server.persistenceSeconds());
    writer.attributeU32(IPVS_SVC_ATTR_NETMASK, netmask(server.id().family()));
    writer.endAttribute(service);
  }

  private static void writeIdentity(MessageWriter writer, VirtualServerId id) {
    writer.attributeU16(IPVS_SVC_ATTR_AF, id.family().number());
    switch (id) {
      case VirtualServerId.ByAddress by -> {
        writer.attributeU16(IPVS_SVC_ATTR_PROTOCOL, by.protocol().number());
        AddressCodec.write(writer, IPVS_SVC_ATTR_ADDR, by.address());
        writer.attributeU16Be(IPVS_SVC_ATTR_PORT, by.port());
      }
      case VirtualServerId.ByMark by -> writer.attributeU32(IPVS_SVC_ATTR_FWMARK, by.mark());
    }
  }

  private static int flags(VirtualServer server) {
    int flags = server.persistenceSeconds() == 0 ? 0 : IP_VS_SVC_F_PERSISTENT;
    for (SchedulerFlag flag : server.flags()) {
      flags |= flag.bit();
    }
    return flags;
  }

  /**
   * The mask under which clients are one, here each for itself: of IPv4 the mask itself, which is
   * the same in any byte order, of IPv6 a prefix length in host order.
   */
  static int netmask(AddressFamily family) {
    return switch (family) {
      case IPV4 -> 0xffffffff;
      case IPV6 -> 128;
    };
  }
}
