package io.fairlead.dataplane.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the data plane needs of a Node (core/v1).
 *
 * @param addresses the InternalIPs, in the object's order; the first of a family is the node's
 *     address on the underlay
 * @param podCidrs spec.podCIDRs (or podCIDR); empty until the cluster assigns them
 * @param vtepMac the MAC address that the node publishes for its VXLAN device, or null if it has
 *     not (yet)
 */
public record NodeRecord(
    String name, List<IpAddress> addresses, List<Cidr> podCidrs, @Nullable MacAddress vtepMac) {

  public NodeRecord {
    addresses = List.copyOf(addresses);
    podCidrs = List.copyOf(podCidrs);
  }

  /** The node's underlay address in {@code family}, or null if it has none. */
  public @Nullable IpAddress address(AddressFamily family) {
    for (IpAddress address : addresses) {
      if (address.family() == family) {
        return address;
      }
    }
    return null;
  }

  /** The pod CIDR in {@code family}, or null if it has none. */
  public @Nullable Cidr podCidr(AddressFamily family) {
    for (Cidr cidr : podCidrs) {
      if (cidr.family() == family) {
        return cidr;
      }
    }
    return null;
  }
}
