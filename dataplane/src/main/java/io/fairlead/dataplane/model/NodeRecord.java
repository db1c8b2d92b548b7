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
 * @param zone the label topology.kubernetes.io/zone, or null
 * @param leaving whether load balancers should let go of it: it is being deleted, or an autoscaler
 *     has tainted it for deletion
 * @param flannel what it tells flannel, or null if it has none of flannel's annotations
 */
public record NodeRecord(
    String name,
    List<IpAddress> addresses,
    List<Cidr> podCidrs,
    @Nullable MacAddress vtepMac,
    @Nullable String zone,
    boolean leaving,
    @Nullable FlannelNode flannel) {

  public NodeRecord {
    addresses = List.copyOf(addresses);
    podCidrs = List.copyOf(podCidrs);
  }

  /** A node in no zone that stays. */
  public NodeRecord(
      String name, List<IpAddress> addresses, List<Cidr> podCidrs, @Nullable MacAddress vtepMac) {
    this(name, addresses, podCidrs, vtepMac, null, false);
  }

  /** A node without flannel's annotations. */
  public NodeRecord(
      String name,
      List<IpAddress> addresses,
      List<Cidr> podCidrs,
      @Nullable MacAddress vtepMac,
      @Nullable String zone,
      boolean leaving) {
    this(name, addresses, podCidrs, vtepMac, zone, leaving, null);
  }

  /** The same node with another VTEP address. */
  public NodeRecord withVtepMac(@Nullable MacAddress mac) {
    return new NodeRecord(name, addresses, podCidrs, mac, zone, leaving, flannel);
  }

  /** The same node with other annotations of flannel's. */
  public NodeRecord withFlannel(@Nullable FlannelNode value) {
    return new NodeRecord(name, addresses, podCidrs, vtepMac, zone, leaving, value);
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
