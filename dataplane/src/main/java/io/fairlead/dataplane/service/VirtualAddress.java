package io.fairlead.dataplane.service;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;

/**
 * Where clients of a Service send to. TCP, UDP and SCTP on one port are different addresses.
 *
 * @param port 1 to 65535
 */
public record VirtualAddress(IpAddress address, Protocol protocol, int port)
    implements Comparable<VirtualAddress> {

  @Override
  public int compareTo(VirtualAddress other) {
    int order = address.compareTo(other.address);
    order = order != 0 ? order : protocol.compareTo(other.protocol);
    return order != 0 ? order : Integer.compare(port, other.port);
  }

  /** "10.96.0.10:53/udp", or "[fd00::a]:53/udp". */
  @Override
  public String toString() {
    return new EndpointAddress(address, port)
        + "/"
        + switch (protocol) {
          case TCP -> "tcp";
          case UDP -> "udp";
          case SCTP -> "sctp";
        };
  }
}
