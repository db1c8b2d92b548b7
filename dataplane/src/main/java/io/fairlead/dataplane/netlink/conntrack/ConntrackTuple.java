package io.fairlead.dataplane.netlink.conntrack;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;

/**
 * One direction of a flow as its packets carry it. Immutable.
 *
 * @param protocol the IP protocol number
 */
public record ConntrackTuple(
    IpAddress source, IpAddress destination, int protocol, TransportKey key) {

  public static final int ICMP = 1;
  public static final int TCP = 6;
  public static final int UDP = 17;
  public static final int ICMPV6 = 58;
  public static final int SCTP = 132;

  public ConntrackTuple {
    if (source.family() != destination.family()) {
      throw new IllegalArgumentException(
          "a flow from " + source + " to " + destination + " mixes the address families");
    }
  }

  public AddressFamily family() {
    return source.family();
  }

  /** The protocol as conntrack's tools spell it, or its number. */
  public static String protocolName(int protocol) {
    return switch (protocol) {
      case ICMP -> "icmp";
      case TCP -> "tcp";
      case UDP -> "udp";
      case ICMPV6 -> "icmpv6";
      case SCTP -> "sctp";
      default -> "protocol " + protocol;
    };
  }

  /** "10.0.0.1:40000 -> 10.96.0.10:53". */
  @Override
  public String toString() {
    return switch (key) {
      case TransportKey.Ports ports ->
          endpoint(source, ports.source()) + " -> " + endpoint(destination, ports.destination());
      case TransportKey.Icmp icmp -> source + " -> " + destination + " " + icmp;
      case TransportKey.None _ -> source + " -> " + destination;
    };
  }

  private static String endpoint(IpAddress address, int port) {
    return switch (address.family()) {
      case IPV4 -> address + ":" + port;
      case IPV6 -> "[" + address + "]:" + port;
    };
  }
}
