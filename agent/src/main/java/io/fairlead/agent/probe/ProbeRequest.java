package io.fairlead.agent.probe;

import io.fairlead.dataplane.model.IpAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A packet to be sent.
 *
 * @param source the address of a pod of this node; null for the node itself
 * @param port 1 to 65535; 0 for ICMP
 * @param size bytes behind the header of UDP or of the echo request, which then must not be
 *     fragmented; 0 for a small packet
 */
public record ProbeRequest(
    @Nullable IpAddress source, IpAddress destination, ProbeProtocol protocol, int port, int size) {

  /** What fits into an IPv4 packet behind its header and that of UDP or ICMP. */
  private static final int LARGEST = 65_507;

  public ProbeRequest {
    if (source != null && source.family() != destination.family()) {
      throw new IllegalArgumentException(
          source + " and " + destination + " are of different address families");
    }
    boolean portIsRight = protocol.hasPorts() ? port >= 1 && port <= 65_535 : port == 0;
    if (!portIsRight) {
      throw new IllegalArgumentException(
          protocol.hasPorts() ? "a port is from 1 to 65535, not " + port : "ICMP has no ports");
    }
    if (size < 0 || size > LARGEST) {
      throw new IllegalArgumentException("a payload has 0 to " + LARGEST + " bytes, not " + size);
    }
    if (size > 0 && protocol == ProbeProtocol.TCP) {
      throw new IllegalArgumentException(
          "the packet that opens a TCP connection has no payload; give a size with udp or icmp");
    }
  }

  /** "tcp 10.244.1.2 -> 10.96.0.10 port 80". */
  @Override
  public String toString() {
    return protocol.name().toLowerCase(Locale.ROOT)
        + " "
        + (source == null ? "this node" : source)
        + " -> "
        + destination
        + (port == 0 ? "" : " port " + port)
        + (size == 0 ? "" : " with " + size + " bytes, not to be fragmented");
  }
}
