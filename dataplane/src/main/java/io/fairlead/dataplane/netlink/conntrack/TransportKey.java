package io.fairlead.dataplane.netlink.conntrack;

/** What tells flows between the same two addresses and of the same protocol apart. */
public sealed interface TransportKey {

  /** Ports of TCP, UDP, SCTP and the like: 0 to 65535. */
  record Ports(int source, int destination) implements TransportKey {
    @Override
    public String toString() {
      return "ports " + source + " -> " + destination;
    }
  }

  /** An ICMP or ICMPv6 query. */
  record Icmp(int type, int code, int identifier) implements TransportKey {
    @Override
    public String toString() {
      return "type " + type + " code " + code + " id " + identifier;
    }
  }

  /** Nothing: the protocol is unknown to the kernel. */
  record None() implements TransportKey {
    @Override
    public String toString() {
      return "no ports";
    }
  }
}
