package io.fairlead.dataplane.netlink.ipvs;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Ipv4Address;
import io.fairlead.dataplane.model.Ipv6Address;
import io.fairlead.dataplane.model.Protocol;

/** What the records of this package have in common in their texts and ranges. */
final class IpvsText {

  private IpvsText() {}

  static String withPort(IpAddress address, int port) {
    return switch (address) {
      case Ipv4Address _ -> address + ":" + port;
      case Ipv6Address _ -> "[" + address + "]:" + port;
    };
  }

  static String name(Protocol protocol) {
    return switch (protocol) {
      case TCP -> "tcp";
      case UDP -> "udp";
      case SCTP -> "sctp";
    };
  }

  /** " text", or nothing if there is none. */
  static String behind(String text) {
    return text.isEmpty() ? "" : " " + text;
  }

  static void requirePort(int port) {
    requireRange("a port", port, 0, 65535);
  }

  static void requireRange(String what, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          what + " is from " + least + " to " + most + ", not " + value);
    }
  }

  /** For what can be read from the kernel and never written. */
  static void requireOurs(Object server, String foreign) {
    if (!foreign.isEmpty()) {
      throw new IllegalArgumentException(
          server + " has settings (" + foreign + ") that are only read, never written");
    }
  }
}
