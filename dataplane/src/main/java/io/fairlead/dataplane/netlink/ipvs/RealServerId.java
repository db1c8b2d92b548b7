package io.fairlead.dataplane.netlink.ipvs;

import io.fairlead.dataplane.model.IpAddress;

/**
 * What a real server is known by within its virtual server. Immutable, ordered by address and port.
 *
 * @param port 0 to 65535
 */
public record RealServerId(IpAddress address, int port) implements Comparable<RealServerId> {

  public RealServerId {
    IpvsText.requirePort(port);
  }

  @Override
  public int compareTo(RealServerId other) {
    int order = address.compareTo(other.address);
    return order != 0 ? order : Integer.compare(port, other.port);
  }

  /** "10.244.1.3:53", or "[fd00::3]:53". */
  @Override
  public String toString() {
    return IpvsText.withPort(address, port);
  }
}
