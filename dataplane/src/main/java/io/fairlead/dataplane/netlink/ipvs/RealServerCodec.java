package io.fairlead.dataplane.netlink.ipvs;

import static io.fairlead.dataplane.netlink.ipvs.IpvsConstants.*;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.MalformedMessageException;
import io.fairlead.dataplane.netlink.MessageWriter;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import io.fairlead.dataplane.netlink.generic.GenericFamily;
import org.jspecify.annotations.Nullable;

/** Writes IPVS_CMD_ATTR_DEST, and reads IPVS_CMD_NEW_DEST. */
final class RealServerCodec {

  private final StatisticsDecoder statistics = new StatisticsDecoder();
  private int family;
  private byte @Nullable [] address;
  private int port;
  private int method;
  private int weight;
  private int upperThreshold;
  private int lowerThreshold;
  private int active;
  private int inactive;
  private int persistent;

  private RealServerCodec() {}

  static void write(MessageWriter writer, RealServer server) {
    int destination = writer.beginNested(IPVS_CMD_ATTR_DEST);
    writeIdentity(writer, server.address(), server.port());
    writer.attributeU32(IPVS_DEST_ATTR_FWD_METHOD, server.method().number());
    writer.attributeU32(IPVS_DEST_ATTR_WEIGHT, server.weight());
    writer.attributeU32(IPVS_DEST_ATTR_U_THRESH, 0);
    writer.attributeU32(IPVS_DEST_ATTR_L_THRESH, 0);
    writer.endAttribute(destination);
  }

  /** Writes what a real server is known by, which is enough to delete it. */
  static void writeId(MessageWriter writer, RealServerId server) {
    int destination = writer.beginNested(IPVS_CMD_ATTR_DEST);
    writeIdentity(writer, server.address(), server.port());
    writer.endAttribute(destination);
  }

  /** Kernels older than 3.18 know no family of a real server's own and pass over it. */
  private static void writeIdentity(MessageWriter writer, IpAddress address, int port) {
    writer.attributeU16(IPVS_DEST_ATTR_ADDR_FAMILY, address.family().number());
    AddressCodec.write(writer, IPVS_DEST_ATTR_ADDR, address);
    writer.attributeU16Be(IPVS_DEST_ATTR_PORT, port);
  }

  /** Reads one; {@code fallback} is its virtual server's family, should it have none of its own. */
  static RealServerStatus decode(NetlinkMessage message, AddressFamily fallback)
      throws MalformedMessageException {
    RealServerCodec codec = new RealServerCodec();
    codec.family = fallback.number();
    AttributeReader attributes = message.attributes(GenericFamily.HEADER_LENGTH);
    while (attributes.next()) {
      if (attributes.type() == IPVS_CMD_ATTR_DEST) {
        codec.read(attributes.nested());
      }
    }
    IpvsStatistics counted = codec.statistics.decode();
    message.requireWellFormed();
    return codec.status(counted);
  }

  private void read(AttributeReader destination) throws MalformedMessageException {
    while (destination.next()) {
      switch (destination.type()) {
        case IPVS_DEST_ATTR_ADDR -> address = AddressCodec.read(destination);
        case IPVS_DEST_ATTR_PORT -> port = destination.u16Be();
        case IPVS_DEST_ATTR_FWD_METHOD -> method = destination.u32() & IP_VS_CONN_F_FWD_MASK;
        case IPVS_DEST_ATTR_WEIGHT -> weight = destination.u32();
        case IPVS_DEST_ATTR_U_THRESH -> upperThreshold = destination.u32();
        case IPVS_DEST_ATTR_L_THRESH -> lowerThreshold = destination.u32();
        case IPVS_DEST_ATTR_ACTIVE_CONNS -> active = destination.u32();
        case IPVS_DEST_ATTR_INACT_CONNS -> inactive = destination.u32();
        case IPVS_DEST_ATTR_PERSIST_CONNS -> persistent = destination.u32();
        case IPVS_DEST_ATTR_STATS -> statistics.narrow(destination);
        case IPVS_DEST_ATTR_ADDR_FAMILY -> family = destination.u16();
        case IPVS_DEST_ATTR_STATS64 -> statistics.wide(destination);
        default -> {}
      }
    }
  }

  private RealServerStatus status(IpvsStatistics counted) throws MalformedMessageException {
    byte[] bytes = address;
    if (bytes == null) {
      throw new MalformedMessageException("IPVS sent a real server without an address");
    }
    ForwardingMethod known = ForwardingMethod.of(method);
    if (known == null) {
      throw new MalformedMessageException(
          "IPVS sent a real server with the unknown forwarding method " + method);
    }
    if (weight < 0) {
      throw new MalformedMessageException("IPVS sent a real server of weight " + weight);
    }
    IpAddress at = AddressCodec.address(AddressCodec.family(family), bytes);
    RealServer server = new RealServer(at, port, known, weight, foreign());
    return new RealServerStatus(server, active, inactive, persistent, counted);
  }

  private String foreign() {
    return upperThreshold == 0 && lowerThreshold == 0
        ? ""
        : "-x "
            + Integer.toUnsignedString(upperThreshold)
            + " -y "
            + Integer.toUnsignedString(lowerThreshold);
  }
}
