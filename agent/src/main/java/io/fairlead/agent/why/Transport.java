package io.fairlead.agent.why;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.conntrack.ConntrackTuple;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a packet can be. */
public enum Transport {
  TCP(Protocol.TCP),
  UDP(Protocol.UDP),
  SCTP(Protocol.SCTP),
  /** An echo request, of either family. */
  ICMP(null);

  private final @Nullable Protocol protocol;

  Transport(@Nullable Protocol protocol) {
    this.protocol = protocol;
  }

  static @Nullable Transport parse(String word) {
    for (Transport transport : values()) {
      if (transport.text().equals(word.toLowerCase(Locale.ROOT))) {
        return transport;
      }
    }
    return null;
  }

  static Transport of(Protocol protocol) {
    return switch (protocol) {
      case TCP -> TCP;
      case UDP -> UDP;
      case SCTP -> SCTP;
    };
  }

  /** What Services can have; null for ICMP. */
  @Nullable Protocol protocol() {
    return protocol;
  }

  /** The number in the IP header. */
  int number(AddressFamily family) {
    if (protocol != null) {
      return protocol.number();
    }
    return switch (family) {
      case IPV4 -> ConntrackTuple.ICMP;
      case IPV6 -> ConntrackTuple.ICMPV6;
    };
  }

  /** "tcp". */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
