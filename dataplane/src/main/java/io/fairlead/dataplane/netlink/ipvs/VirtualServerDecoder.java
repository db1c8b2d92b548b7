package io.fairlead.dataplane.netlink.ipvs;

import static io.fairlead.dataplane.netlink.ipvs.IpvsConstants.*;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Ipv4Address;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.MalformedMessageException;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import io.fairlead.dataplane.netlink.generic.GenericFamily;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads IPVS_CMD_NEW_SERVICE, the form in which the kernel describes a virtual server. */
final class VirtualServerDecoder {

  private final NetlinkMessage message;
  private final StatisticsDecoder statistics = new StatisticsDecoder();
  private int family;
  private int protocol;
  private byte @Nullable [] address;
  private int port;
  private int mark;
  private String scheduler = "";
  private int flags;
  private int timeout;
  private int netmask;
  private int netmaskBe;
  private String engine = "";

  private VirtualServerDecoder(NetlinkMessage message) {
    this.message = message;
  }

  /** Returns null for a protocol that we have no name for. */
  static @Nullable VirtualServerStatus decode(NetlinkMessage message)
      throws MalformedMessageException {
    VirtualServerDecoder decoder = new VirtualServerDecoder(message);
    AttributeReader attributes = message.attributes(GenericFamily.HEADER_LENGTH);
    while (attributes.next()) {
      if (attributes.type() == IPVS_CMD_ATTR_SERVICE) {
        decoder.read(attributes.nested());
      }
    }
    IpvsStatistics counted = decoder.statistics.decode();
    message.requireWellFormed();
    VirtualServerId id = decoder.id();
    return id == null ? null : new VirtualServerStatus(decoder.server(id), counted);
  }

  private void read(AttributeReader service) throws MalformedMessageException {
    while (service.next()) {
      switch (service.type()) {
        case IPVS_SVC_ATTR_AF -> family = service.u16();
        case IPVS_SVC_ATTR_PROTOCOL -> protocol = service.u16();
        case IPVS_SVC_ATTR_ADDR -> address = AddressCodec.read(service);
        case IPVS_SVC_ATTR_PORT -> port = service.u16Be();
        case IPVS_SVC_ATTR_FWMARK -> mark = service.u32();
        case IPVS_SVC_ATTR_SCHED_NAME -> scheduler = service.string();
        case IPVS_SVC_ATTR_FLAGS -> flags = flags(service);
        case IPVS_SVC_ATTR_TIMEOUT -> timeout = service.u32();
        case IPVS_SVC_ATTR_NETMASK -> {
          netmask = service.u32();
          netmaskBe = service.u32Be();
        }
        case IPVS_SVC_ATTR_PE_NAME -> engine = service.string();
        case IPVS_SVC_ATTR_STATS -> statistics.narrow(service);
        case IPVS_SVC_ATTR_STATS64 -> statistics.wide(service);
        default -> {}
      }
    }
  }

  /** struct ip_vs_flags: u32 flags, u32 mask. */
  private int flags(AttributeReader attribute) throws MalformedMessageException {
    if (attribute.length() != 2 * Integer.BYTES) {
      throw new MalformedMessageException(
          "IPVS sent flags of " + attribute.length() + " bytes where 8 belong");
    }
    return message.buffer().u32(attribute.offset());
  }

  private @Nullable VirtualServerId id() throws MalformedMessageException {
    AddressFamily known = AddressCodec.family(family);
    if (mark != 0) {
      return new VirtualServerId.ByMark(known, mark);
    }
    byte[] bytes = address;
    if (bytes == null) {
      throw new MalformedMessageException("IPVS sent a virtual server without address and mark");
    }
    for (Protocol candidate : Protocol.values()) {
      if (candidate.number() == protocol) {
        return new VirtualServerId.ByAddress(candidate, AddressCodec.address(known, bytes), port);
      }
    }
    return null;
  }

  private VirtualServer server(VirtualServerId id) throws MalformedMessageException {
    if (timeout < 0) {
      throw new MalformedMessageException(
          "IPVS sent a persistence of " + Integer.toUnsignedString(timeout) + " s");
    }
    boolean persistent = (flags & IP_VS_SVC_F_PERSISTENT) != 0;
    return new VirtualServer(
        id, scheduler, schedulerFlags(), persistent ? timeout : 0, foreign(id, persistent));
  }

  private Set<SchedulerFlag> schedulerFlags() {
    Set<SchedulerFlag> found = EnumSet.noneOf(SchedulerFlag.class);
    for (SchedulerFlag flag : SchedulerFlag.values()) {
      if ((flags & flag.bit()) != 0) {
        found.add(flag);
      }
    }
    return found;
  }

  private String foreign(VirtualServerId id, boolean persistent) {
    List<String> found = new ArrayList<>();
    if (persistent && timeout == 0) {
      found.add("-p 0");
    }
    if ((flags & IP_VS_SVC_F_ONEPACKET) != 0) {
      found.add("-o");
    }
    // Without persistence the mask means nothing.
    if (persistent && netmask != VirtualServerWriter.netmask(id.family())) {
      found.add(
          switch (id.family()) {
            case IPV4 -> "-M " + new Ipv4Address(netmaskBe);
            case IPV6 -> "-M " + Integer.toUnsignedString(netmask);
          });
    }
    if (!engine.isEmpty()) {
      found.add("--pe " + engine);
    }
    return String.join(" ", found);
  }
}
