package io.fairlead.ipvs;

import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.ipvs.VirtualServer;
import io.fairlead.dataplane.netlink.ipvs.VirtualServerId;
import io.fairlead.dataplane.service.EndpointAddress;
import io.fairlead.dataplane.service.VirtualAddress;
import java.util.List;

/**
 * A virtual server that should be there.
 *
 * @param endpoints at least one, ascending
 */
record WantedServer(VirtualServer server, List<EndpointAddress> endpoints) {

  private static final int FTP = 21;

  static VirtualServerId.ByAddress id(VirtualAddress address) {
    return new VirtualServerId.ByAddress(address.protocol(), address.address(), address.port());
  }

  static VirtualAddress address(VirtualServerId.ByAddress id) {
    return new VirtualAddress(id.address(), id.protocol(), id.port());
  }

  /**
   * Among all endpoints of a Service, or those on this node, for clients who find it by address.
   */
  static WantedServer byAddress(
      VirtualAddress address,
      Scheduling scheduling,
      int affinitySeconds,
      List<EndpointAddress> endpoints) {
    return new WantedServer(
        new VirtualServer(id(address), scheduling.scheduler(), scheduling.flags(), affinitySeconds),
        endpoints);
  }

  /** The same for clients that have a mark; affinity is up to the scheduler. */
  static WantedServer byMark(
      PortId port, int mark, Scheduling scheduling, List<EndpointAddress> endpoints) {
    return new WantedServer(
        new VirtualServer(
            new VirtualServerId.ByMark(port.family(), mark),
            scheduling.scheduler(),
            scheduling.flags(),
            0),
        endpoints);
  }

  /**
   * Whether the kernel may remember a client's endpoint. Of TCP port 21 it takes that for active
   * and passive FTP: it would lead a client's connections to port 20 and all ports from 1024 on of
   * the address to the endpoint, past all rules (ip_vs_service_find of ip_vs_ctl.c).
   */
  static boolean mayPersist(VirtualAddress address) {
    return address.protocol() != Protocol.TCP || address.port() != FTP;
  }

  /** Whether endpoints that leave may keep their connections. */
  boolean canDrain() {
    return Scheduling.canDrain(server.scheduler());
  }

  /** Whether connections of the protocol are worth waiting for when an endpoint leaves. */
  static boolean drains(Protocol protocol) {
    return switch (protocol) {
      case TCP -> true;
      case UDP, SCTP -> false;
    };
  }
}
