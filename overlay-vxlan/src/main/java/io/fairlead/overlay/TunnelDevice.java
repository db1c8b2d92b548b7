package io.fairlead.overlay;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.netlink.route.LinkAddress;
import io.fairlead.dataplane.netlink.route.LinkKind;
import io.fairlead.dataplane.netlink.route.Route;
import java.util.List;

/**
 * The VXLAN device as it is to be.
 *
 * @param mtu bytes
 * @param addresses this node's own in the pod network, one per pod CIDR: what the node's own
 *     processes send from when they talk to pods elsewhere, so that answers come back the same way
 */
record TunnelDevice(LinkKind.Vxlan kind, int mtu, MacAddress mac, List<IpAddress> addresses) {

  static final String NAME = "fairlead-vxlan";

  /** Outer Ethernet 14 (inner), VXLAN 8, UDP 8 and IPv4 20 bytes (RFC 7348 section 5). */
  private static final int OVERHEAD_IPV4 = 50;

  /** The same with an outer IPv6 header of 40 bytes. */
  private static final int OVERHEAD_IPV6 = 70;

  TunnelDevice {
    addresses = List.copyOf(addresses);
  }

  /** Whether the address may be on the device: of ours, or one that the kernel gives itself. */
  boolean isOwn(LinkAddress address) {
    return address.scope() != Route.SCOPE_UNIVERSE || isWanted(address);
  }

  private boolean isWanted(LinkAddress address) {
    return addresses.contains(address.address())
        && address.prefixLength() == address.address().family().bitLength();
  }

  static TunnelDevice of(NodeRecord self, Underlay.Path path, OverlayOptions options) {
    boolean v4 = path.address().family() == AddressFamily.IPV4;
    return new TunnelDevice(
        new LinkKind.Vxlan(options.vni(), options.port(), path.address(), path.linkIndex(), false),
        path.mtu() - (v4 ? OVERHEAD_IPV4 : OVERHEAD_IPV6),
        VtepAddress.mac(self.name()),
        self.podCidrs().stream().map(Cidr::network).toList());
  }
}
