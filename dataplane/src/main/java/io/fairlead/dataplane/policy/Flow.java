package io.fairlead.dataplane.policy;

import io.fairlead.dataplane.model.IpAddress;

/**
 * The first packet of a connection as policies see it: after a Service's address was replaced by
 * the endpoint's, and before masquerading.
 *
 * @param origin how the packet came to where it is judged; addresses cannot tell
 * @param protocol an IP protocol number
 * @param destinationPort 0 to 65535; the message's type for {@link #ICMPV6}; {@link #NO_PORT} for
 *     other protocols without ports
 */
public record Flow(
    Origin origin, IpAddress source, IpAddress destination, int protocol, int destinationPort) {

  /** The destination port of protocols that have none. */
  public static final int NO_PORT = -1;

  /** The protocol number of ICMPv6 (RFC 4443). */
  public static final int ICMPV6 = 58;

  /** Where a packet was made. */
  public enum Origin {
    /**
     * Not on the destination's node itself, or in one of its pods that has a network of its own.
     */
    NETWORK,
    /** On the destination pod's node, or in one of its host-network pods: as kubelet's probes. */
    OWN_NODE
  }

  /** Whether it is one of ICMPv6 types 133 to 137: solicitations, advertisements and redirects. */
  boolean isNeighbourDiscovery() {
    return protocol == ICMPV6 && 133 <= destinationPort && destinationPort <= 137;
  }
}
