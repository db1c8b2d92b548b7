package io.fairlead.dataplane.netlink.ipvs;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;

/**
 * What a virtual server is known by: whose packets it takes. Immutable; ordered with addresses
 * before marks, then by family, address, port and protocol.
 */
public sealed interface VirtualServerId extends Comparable<VirtualServerId> {

  /** The family of the packets. */
  AddressFamily family();

  /**
   * Takes packets to an address.
   *
   * @param port 1 to 65535, or 0 for all ports, which takes connections only with persistence
   */
  record ByAddress(Protocol protocol, IpAddress address, int port) implements VirtualServerId {

    public ByAddress {
      IpvsText.requirePort(port);
    }

    @Override
    public AddressFamily family() {
      return address.family();
    }

    /** "10.96.0.10:53/udp", or "[fd00::a]:53/udp". */
    @Override
    public String toString() {
      return IpvsText.withPort(address, port) + "/" + IpvsText.name(protocol);
    }
  }

  /**
   * Takes packets of a family with a mark (fwmark).
   *
   * @param mark all 32 bits of the packet's mark; not 0
   */
  record ByMark(AddressFamily family, int mark) implements VirtualServerId {

    public ByMark {
      if (mark == 0) {
        throw new IllegalArgumentException("a virtual server's mark is not 0");
      }
    }

    /** "mark 0x46000001 (IPv4)". */
    @Override
    public String toString() {
      return "mark 0x" + Integer.toHexString(mark) + " (" + family.kubernetesName() + ")";
    }
  }

  @Override
  default int compareTo(VirtualServerId other) {
    return switch (this) {
      case ByAddress a -> other instanceof ByAddress b ? compare(a, b) : -1;
      case ByMark a -> other instanceof ByMark b ? compare(a, b) : 1;
    };
  }

  private static int compare(ByAddress a, ByAddress b) {
    int order = a.address.compareTo(b.address);
    if (order == 0) {
      order = Integer.compare(a.port, b.port);
    }
    return order != 0 ? order : a.protocol.compareTo(b.protocol);
  }

  private static int compare(ByMark a, ByMark b) {
    int order = a.family.compareTo(b.family);
    return order != 0 ? order : Integer.compareUnsigned(a.mark, b.mark);
  }
}
