package io.fairlead.dataplane.netlink.ipvs;

import static io.fairlead.dataplane.netlink.ipvs.IpvsConstants.*;

import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.MalformedMessageException;
import io.fairlead.dataplane.netlink.MessageWriter;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import io.fairlead.dataplane.netlink.generic.GenericFamily;

/** Writes the bodies of requests, and reads the answers that describe no server. */
final class IpvsMessages {

  private IpvsMessages() {}

  static void write(MessageWriter writer, GenericFamily family, IpvsOperation operation) {
    switch (operation) {
      case IpvsOperation.AddVirtualServer add -> {
        family.writeHeader(writer, IPVS_CMD_NEW_SERVICE);
        VirtualServerWriter.write(writer, add.server());
      }
      case IpvsOperation.ChangeVirtualServer change -> {
        family.writeHeader(writer, IPVS_CMD_SET_SERVICE);
        VirtualServerWriter.write(writer, change.server());
      }
      case IpvsOperation.DeleteVirtualServer delete -> {
        family.writeHeader(writer, IPVS_CMD_DEL_SERVICE);
        VirtualServerWriter.writeId(writer, delete.virtualServer());
      }
      case IpvsOperation.AddRealServer add -> {
        family.writeHeader(writer, IPVS_CMD_NEW_DEST);
        VirtualServerWriter.writeId(writer, add.virtualServer());
        RealServerCodec.write(writer, add.server());
      }
      case IpvsOperation.ChangeRealServer change -> {
        family.writeHeader(writer, IPVS_CMD_SET_DEST);
        VirtualServerWriter.writeId(writer, change.virtualServer());
        RealServerCodec.write(writer, change.server());
      }
      case IpvsOperation.DeleteRealServer delete -> {
        family.writeHeader(writer, IPVS_CMD_DEL_DEST);
        VirtualServerWriter.writeId(writer, delete.virtualServer());
        RealServerCodec.writeId(writer, delete.server());
      }
    }
  }

  static void writeRealServerDump(
      MessageWriter writer, GenericFamily family, VirtualServerId virtualServer) {
    family.writeHeader(writer, IPVS_CMD_GET_DEST);
    VirtualServerWriter.writeId(writer, virtualServer);
  }

  static void writeTimeouts(MessageWriter writer, GenericFamily family, IpvsTimeouts timeouts) {
    family.writeHeader(writer, IPVS_CMD_SET_CONFIG);
    writeUnlessZero(writer, IPVS_CMD_ATTR_TIMEOUT_TCP, timeouts.tcp());
    writeUnlessZero(writer, IPVS_CMD_ATTR_TIMEOUT_TCP_FIN, timeouts.tcpFin());
    writeUnlessZero(writer, IPVS_CMD_ATTR_TIMEOUT_UDP, timeouts.udp());
  }

  private static void writeUnlessZero(MessageWriter writer, int type, int value) {
    if (value != 0) {
      writer.attributeU32(type, value);
    }
  }

  /** Reads IPVS_CMD_SET_CONFIG; a protocol that the kernel was built without has 0. */
  static IpvsTimeouts decodeTimeouts(NetlinkMessage message) throws MalformedMessageException {
    int tcp = 0;
    int tcpFin = 0;
    int udp = 0;
    AttributeReader attributes = message.attributes(GenericFamily.HEADER_LENGTH);
    while (attributes.next()) {
      switch (attributes.type()) {
        case IPVS_CMD_ATTR_TIMEOUT_TCP -> tcp = attributes.u32();
        case IPVS_CMD_ATTR_TIMEOUT_TCP_FIN -> tcpFin = attributes.u32();
        case IPVS_CMD_ATTR_TIMEOUT_UDP -> udp = attributes.u32();
        default -> {}
      }
    }
    message.requireWellFormed();
    if (tcp < 0 || tcpFin < 0 || udp < 0) {
      throw new MalformedMessageException(
          "IPVS sent timeouts below zero: " + tcp + ", " + tcpFin + " and " + udp);
    }
    return new IpvsTimeouts(tcp, tcpFin, udp);
  }

  /** Reads IPVS_CMD_SET_INFO. */
  static IpvsInfo decodeInfo(NetlinkMessage message) throws MalformedMessageException {
    int version = 0;
    int size = 0;
    AttributeReader attributes = message.attributes(GenericFamily.HEADER_LENGTH);
    while (attributes.next()) {
      switch (attributes.type()) {
        case IPVS_INFO_ATTR_VERSION -> version = attributes.u32();
        case IPVS_INFO_ATTR_CONN_TAB_SIZE -> size = attributes.u32();
        default -> {}
      }
    }
    message.requireWellFormed();
    String text = (version >>> 16) + "." + (version >>> 8 & 0xff) + "." + (version & 0xff);
    return new IpvsInfo(text, size);
  }

  /** Reads IPVS_CMD_NEW_DAEMON. */
  static SyncDaemon decodeDaemon(NetlinkMessage message) throws MalformedMessageException {
    int state = 0;
    int syncId = 0;
    String device = "";
    AttributeReader attributes = message.attributes(GenericFamily.HEADER_LENGTH);
    while (attributes.next()) {
      if (attributes.type() != IPVS_CMD_ATTR_DAEMON) {
        continue;
      }
      AttributeReader daemon = attributes.nested();
      while (daemon.next()) {
        switch (daemon.type()) {
          case IPVS_DAEMON_ATTR_STATE -> state = daemon.u32();
          case IPVS_DAEMON_ATTR_MCAST_IFN -> device = daemon.string();
          case IPVS_DAEMON_ATTR_SYNC_ID -> syncId = daemon.u32();
          default -> {}
        }
      }
    }
    message.requireWellFormed();
    return switch (state) {
      case IP_VS_STATE_MASTER -> new SyncDaemon(SyncDaemon.Role.MASTER, device, syncId);
      case IP_VS_STATE_BACKUP -> new SyncDaemon(SyncDaemon.Role.BACKUP, device, syncId);
      default ->
          throw new MalformedMessageException("IPVS sent a daemon of the unknown state " + state);
    };
  }
}
