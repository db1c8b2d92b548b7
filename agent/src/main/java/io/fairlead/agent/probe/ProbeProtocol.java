package io.fairlead.agent.probe;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.netlink.conntrack.ConntrackTuple;
import io.fairlead.dataplane.sys.ProbeSocket;

/** What a probe sends. */
public enum ProbeProtocol {
  TCP,
  UDP,
  ICMP;

  ProbeSocket.Kind kind() {
    return switch (this) {
      case TCP -> ProbeSocket.Kind.TCP;
      case UDP -> ProbeSocket.Kind.UDP;
      case ICMP -> ProbeSocket.Kind.ECHO;
    };
  }

  boolean hasPorts() {
    return this != ICMP;
  }

  /** The number in the IP header. */
  int number(AddressFamily family) {
    return switch (this) {
      case TCP -> ConntrackTuple.TCP;
      case UDP -> ConntrackTuple.UDP;
      case ICMP ->
          switch (family) {
            case IPV4 -> ConntrackTuple.ICMP;
            case IPV6 -> ConntrackTuple.ICMPV6;
          };
    };
  }
}
