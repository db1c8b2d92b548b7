package io.fairlead.nftables.hostport;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a host port is served: at a port of one of the node's addresses, or of all of a family.
 *
 * @param address of {@code family}; null for all that the node has at any time
 * @param port 1 to 65535
 */
public record HostSocket(
    AddressFamily family, Protocol protocol, @Nullable IpAddress address, int port) {

  public HostSocket {
    if (address != null && address.family() != family) {
      throw new IllegalArgumentException(address + " is no address of " + family.kubernetesName());
    }
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("the port " + port + " is not within 1 and 65535");
    }
  }

  /** Whether a packet may be for both. */
  boolean overlaps(HostSocket other) {
    return family == other.family
        && protocol == other.protocol
        && port == other.port
        && (address == null || other.address == null || address.equals(other.address));
  }

  /** "8080/tcp of 192.0.2.1", or "8080/tcp of all IPv4 addresses". */
  @Override
  public String toString() {
    return port
        + "/"
        + protocol.name().toLowerCase(Locale.ROOT)
        + " of "
        + (address == null ? "all " + family.kubernetesName() + " addresses" : address);
  }
}
