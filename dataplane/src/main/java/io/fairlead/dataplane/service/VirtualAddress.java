package io.fairlead.dataplane.service;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import java.util.Locale;

/**
 * An address of a Service's own and a port: a cluster IP, external IP or load balancer's IP. TCP,
 * UDP and SCTP on one port are different addresses.
 *
 * @param port 1 to 65535
 */
public record VirtualAddress(IpAddress address, Protocol protocol, int port)
    implements FrontendAddress {

  @Override
  public AddressFamily family() {
    return address.family();
  }

  int compareToVirtual(VirtualAddress other) {
    int order = address.compareTo(other.address);
    order = order != 0 ? order : protocol.compareTo(other.protocol);
    return order != 0 ? order : Integer.compare(port, other.port);
  }

  /** "10.96.0.10:53/udp", or "[fd00::a]:53/udp". */
  @Override
  public String toString() {
    return new EndpointAddress(address, port) + "/" + protocol.name().toLowerCase(Locale.ROOT);
  }
}
