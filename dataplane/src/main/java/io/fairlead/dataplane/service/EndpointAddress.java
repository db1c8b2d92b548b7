package io.fairlead.dataplane.service;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Ipv4Address;
import io.fairlead.dataplane.model.Ipv6Address;

/**
 * Where a Service's traffic goes.
 *
 * @param port 1 to 65535
 */
public record EndpointAddress(IpAddress address, int port) implements Comparable<EndpointAddress> {

  @Override
  public int compareTo(EndpointAddress other) {
    int order = address.compareTo(other.address);
    return order != 0 ? order : Integer.compare(port, other.port);
  }

  /** "10.244.1.5:8080", or "[fd00::5]:8080". */
  @Override
  public String toString() {
    return switch (address) {
      case Ipv4Address _ -> address + ":" + port;
      case Ipv6Address _ -> "[" + address + "]:" + port;
    };
  }
}
