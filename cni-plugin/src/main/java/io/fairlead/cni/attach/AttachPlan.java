package io.fairlead.cni.attach;

import io.fairlead.cni.attachment.PortOptions;
import io.fairlead.cni.ipam.Allocation;
import io.fairlead.cni.ipam.Lease;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.netlink.route.BridgePortSettings;
import io.fairlead.dataplane.netlink.route.LinkAddress;
import io.fairlead.dataplane.netlink.route.LinkSelector;
import io.fairlead.dataplane.netlink.route.LinkSettings;
import io.fairlead.dataplane.netlink.route.Route;
import io.fairlead.dataplane.netlink.route.RouteOperation;
import io.fairlead.dataplane.netlink.route.RouteOperation.Add;
import io.fairlead.dataplane.netlink.route.RouteOperation.AddVethPair;
import io.fairlead.dataplane.netlink.route.RouteOperation.ChangeLink;
import io.fairlead.dataplane.netlink.route.RouteOperation.SetBridgePort;
import io.fairlead.dataplane.sys.OwnedDescriptor;
import java.util.ArrayList;
import java.util.List;

/** The operations that attach one pod. Pure. */
final class AttachPlan {

  static final Cidr DEFAULT_IPV4 = Cidr.parse("0.0.0.0/0");
  static final Cidr DEFAULT_IPV6 = Cidr.parse("::/0");

  private AttachPlan() {}

  /** How the bridge is to treat a port that was just made one: hairpin and isolation are off. */
  static BridgePortSettings port(PortOptions options) {
    BridgePortSettings settings = BridgePortSettings.NONE.withHairpin(options.hairpin());
    return options.isolated() ? settings.withIsolated(true) : settings;
  }

  /** On the host: the pair, its other end in the pod, and this end as a port of the bridge. */
  static List<RouteOperation> onHost(
      Lease lease, int bridgeIndex, int mtu, MacAddress podMac, OwnedDescriptor podNamespace) {
    String name = HostLink.name(lease.key());
    LinkSettings host =
        LinkSettings.NONE
            .withMac(HostLink.mac(lease.key()))
            .withMtu(mtu)
            .withMaster(bridgeIndex)
            .withUp(true);
    LinkSettings pod = LinkSettings.NONE.withMac(podMac).withMtu(mtu).withNamespace(podNamespace);
    return List.of(
        new AddVethPair(name, host, lease.key().interfaceName(), pod),
        new ChangeLink(LinkSelector.of(name), LinkSettings.NONE.withAlias(HostLink.alias(lease))),
        new SetBridgePort(LinkSelector.of(name), port(lease.options().port())));
  }

  /** In the pod, whose interface has {@code index}: up, with addresses and routes. */
  static List<RouteOperation> inPod(
      int index, List<Allocation> allocations, boolean defaultRoutes) {
    List<RouteOperation> operations = new ArrayList<>();
    operations.add(new ChangeLink(LinkSelector.of("lo"), LinkSettings.NONE.withUp(true)));
    operations.add(new ChangeLink(LinkSelector.of(index), LinkSettings.NONE.withUp(true)));
    for (Allocation allocation : allocations) {
      operations.add(
          new Add(LinkAddress.of(index, allocation.address(), allocation.range().prefixLength())));
    }
    for (Allocation allocation : defaultRoutes ? allocations : List.<Allocation>of()) {
      operations.add(
          new Add(
              Route.to(defaultRoute(allocation.address())).via(allocation.gateway()).dev(index)));
    }
    return operations;
  }

  static Cidr defaultRoute(IpAddress address) {
    return address.family() == AddressFamily.IPV4 ? DEFAULT_IPV4 : DEFAULT_IPV6;
  }
}
