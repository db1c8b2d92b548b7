package io.fairlead.dataplane.netlink.ipvs;

import static io.fairlead.dataplane.netlink.ipvs.IpvsConstants.*;

import io.fairlead.dataplane.netlink.AttributeReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads the statistics of a server. The kernel sends them twice, with counters of 32 bits and,
 * since Linux 4.1, of 64 bits; the latter count.
 */
final class StatisticsDecoder {

  private @Nullable AttributeReader narrow;
  private @Nullable AttributeReader wide;

  void narrow(AttributeReader attribute) {
    narrow = attribute.nested();
  }

  void wide(AttributeReader attribute) {
    wide = attribute.nested();
  }

  IpvsStatistics decode() {
    AttributeReader attributes = wide == null ? narrow : wide;
    if (attributes == null) {
      return IpvsStatistics.NONE;
    }
    long connections = 0;
    long incomingPackets = 0;
    long outgoingPackets = 0;
    long incomingBytes = 0;
    long outgoingBytes = 0;
    long connectionRate = 0;
    long incomingPacketRate = 0;
    long outgoingPacketRate = 0;
    long incomingByteRate = 0;
    long outgoingByteRate = 0;
    while (attributes.next()) {
      switch (attributes.type()) {
        case IPVS_STATS_ATTR_CONNS -> connections = number(attributes);
        case IPVS_STATS_ATTR_INPKTS -> incomingPackets = number(attributes);
        case IPVS_STATS_ATTR_OUTPKTS -> outgoingPackets = number(attributes);
        case IPVS_STATS_ATTR_INBYTES -> incomingBytes = number(attributes);
        case IPVS_STATS_ATTR_OUTBYTES -> outgoingBytes = number(attributes);
        case IPVS_STATS_ATTR_CPS -> connectionRate = number(attributes);
        case IPVS_STATS_ATTR_INPPS -> incomingPacketRate = number(attributes);
        case IPVS_STATS_ATTR_OUTPPS -> outgoingPacketRate = number(attributes);
        case IPVS_STATS_ATTR_INBPS -> incomingByteRate = number(attributes);
        case IPVS_STATS_ATTR_OUTBPS -> outgoingByteRate = number(attributes);
        default -> {}
      }
    }
    return new IpvsStatistics(
        connections,
        incomingPackets,
        outgoingPackets,
        incomingBytes,
        outgoingBytes,
        connectionRate,
        incomingPacketRate,
        outgoingPacketRate,
        incomingByteRate,
        outgoingByteRate);
  }

  /** Bytes have 64 bits among the narrow ones, too. */
  private static long number(AttributeReader attribute) {
    return attribute.length() == Integer.BYTES
        ? Integer.toUnsignedLong(attribute.u32())
        : attribute.u64();
  }
}
