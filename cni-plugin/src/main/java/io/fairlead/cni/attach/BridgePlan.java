package io.fairlead.cni.attach;

import io.fairlead.cni.ipam.AddressPool.Usage;
import io.fairlead.cni.ipam.Lease;
import io.fairlead.cni.protocol.AttachmentKey;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.route.Link;
import io.fairlead.dataplane.netlink.route.LinkAddress;
import io.fairlead.dataplane.netlink.route.LinkKind;
import io.fairlead.dataplane.netlink.route.LinkSelector;
import io.fairlead.dataplane.netlink.route.LinkSettings;
import io.fairlead.dataplane.netlink.route.Route;
import io.fairlead.dataplane.netlink.route.RouteEvent;
import io.fairlead.dataplane.netlink.route.RouteOperation;
import io.fairlead.dataplane.netlink.route.RouteOperation.Add;
import io.fairlead.dataplane.netlink.route.RouteOperation.AddLink;
import io.fairlead.dataplane.netlink.route.RouteOperation.ChangeLink;
import io.fairlead.dataplane.netlink.route.RouteOperation.ChangeLinkKind;
import io.fairlead.dataplane.netlink.route.RouteOperation.Delete;
import io.fairlead.dataplane.netlink.route.RouteOperation.DeleteLink;
import io.fairlead.dataplane.netlink.route.RouteOperation.SetBridgePort;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The fewest operations that make the bridge what it should be. Pure. The bridge's MAC address is
 * set once and stays, whichever ports come and go; its addresses are the gateways and an IPv6
 * link-local one, and a former gateway stays as long as a pod of its subnet lives.
 */
final class BridgePlan {

  private static final String ALIAS = "fairlead bridge";
  private static final int OUR_PROTOCOL = Route.PROTOCOL_FAIRLEAD;

  /**
   * What the host asks from when a forwarded IPv6 packet needs a pod's MAC address. The kernel
   * takes a link-local address for that (RFC 4861 section 7.2.2), and its own one is tentative for
   * up to two seconds after the first pod gave the bridge a carrier (RFC 4862 section 5.4): packets
   * of other nodes would wait as long. This one needs no detection, for only the agent adds ports.
   */
  private static final IpAddress SOLICITING = IpAddress.parse("fe80::1");

  private static final int SOLICITING_PREFIX = 64;

  /**
   * From frames to link-local groups a pod could have the bridge learn that it has another's
   * link-layer address: no rule of nf_tables sees these before.
   */
  private static final LinkKind.Bridge BRIDGE = new LinkKind.Bridge(true, false);

  private BridgePlan() {}

  /**
   * Makes the bridge, without addresses. Its MTU follows those of its ports until it is changed, so
   * it begins with another one.
   */
  static List<RouteOperation> create(BridgeSettings settings, List<Usage> ranges) {
    return List.of(
        new AddLink(
            settings.name(),
            BRIDGE,
            LinkSettings.NONE
                .withMac(HostLink.macOfBridge(ranges.getFirst().gateway()))
                .withMtu(settings.mtu() - 1)),
        new ChangeLink(
            LinkSelector.of(settings.name()),
            LinkSettings.NONE.withMtu(settings.mtu()).withAlias(ALIAS).withUp(true)));
  }

  /**
   * Corrects the link, its addresses and the ports of leases; removes a bridge of ours with another
   * name. Ports without a lease are about to be removed, or not adopted yet.
   */
  static List<RouteOperation> correct(
      BridgeSettings settings,
      List<Usage> ranges,
      Link bridge,
      List<LinkAddress> addresses,
      List<Link> links,
      List<Lease> leases) {
    List<RouteOperation> operations = new ArrayList<>();
    correctLink(settings, ranges, bridge, operations);
    Map<AttachmentKey, Lease> active =
        leases.stream().collect(Collectors.toMap(Lease::key, lease -> lease, (a, _) -> a));
    for (Link link : links) {
      boolean former =
          link.kind() instanceof LinkKind.Bridge
              && link.alias().equals(ALIAS)
              && link.index() != bridge.index();
      Lease told = HostLink.lease(link.alias());
      Lease lease = told == null ? null : active.get(told.key());
      if (lease != null && isRenamed(link) && isFree(HostLink.name(lease.key()), links)) {
        operations.addAll(rename(link, HostLink.name(lease.key())));
      }
      if (lease != null && isStrayPort(link, bridge)) {
        LinkSelector port = LinkSelector.of(link.index());
        operations.add(
            new ChangeLink(port, LinkSettings.NONE.withMaster(bridge.index()).withUp(true)));
        operations.add(new SetBridgePort(port, AttachPlan.port(lease.options().port())));
      } else if (former) {
        operations.add(new DeleteLink(LinkSelector.of(link.index())));
      }
    }
    correctAddresses(ranges, bridge.index(), addresses, leases, operations);
    return operations;
  }

  /** Whether a pod's link has another name than rules and DEL know it by. */
  private static boolean isRenamed(Link link) {
    Lease told = HostLink.lease(link.alias());
    return told != null && !link.name().equals(HostLink.name(told.key()));
  }

  private static boolean isFree(String name, List<Link> links) {
    return links.stream().noneMatch(link -> link.name().equals(name));
  }

  /** Kernels before 6.2 rename no link that is up. */
  private static List<RouteOperation> rename(Link link, String name) {
    LinkSelector port = LinkSelector.of(link.index());
    return List.of(
        new ChangeLink(port, LinkSettings.NONE.withUp(false)),
        new ChangeLink(port, LinkSettings.NONE.withName(name)),
        new ChangeLink(port, LinkSettings.NONE.withUp(true)));
  }

  /** Whether a pod's link is cut off from the bridge. */
  private static boolean isStrayPort(Link link, Link bridge) {
    return HostLink.lease(link.alias()) != null
        && (link.masterIndex() != bridge.index() || !link.isUp());
  }

  /**
   * Whether an event may mean that the bridge or one of its ports is not as {@link #correct} leaves
   * it.
   *
   * @param bridge as it was left
   * @param gateways the addresses that it was left with; others come and go
   */
  static boolean isDisturbance(RouteEvent event, Link bridge, Set<IpAddress> gateways) {
    return switch (event) {
      case RouteEvent.Overrun() -> true;
      case RouteEvent.Deleted(Link link) ->
          link.index() == bridge.index() || HostLink.isShaper(link);
      case RouteEvent.Deleted(LinkAddress address) ->
          address.linkIndex() == bridge.index() && gateways.contains(address.address());
      case RouteEvent.Changed(Link link) when link.index() == bridge.index() ->
          !link.name().equals(bridge.name())
              || !Objects.equals(link.mac(), bridge.mac())
              || link.mtu() != bridge.mtu()
              || link.isUp() != bridge.isUp();
      case RouteEvent.Changed(Link link) -> isStrayPort(link, bridge) || isRenamed(link);
      case RouteEvent.Changed _, RouteEvent.Deleted _ -> false;
    };
  }

  private static void correctLink(
      BridgeSettings settings, List<Usage> ranges, Link bridge, List<RouteOperation> operations) {
    LinkSettings change = LinkSettings.NONE;
    if (!HostLink.isMacOfBridge(bridge.mac())) {
      change = change.withMac(HostLink.macOfBridge(ranges.getFirst().gateway()));
    }
    if (bridge.mtu() != settings.mtu()) {
      change = change.withMtu(settings.mtu());
    }
    if (!bridge.isUp()) {
      change = change.withUp(true);
    }
    if (!bridge.alias().equals(ALIAS)) {
      change = change.withAlias(ALIAS);
    }
    if (!change.equals(LinkSettings.NONE)) {
      operations.add(new ChangeLink(LinkSelector.of(bridge.index()), change));
    }
    if (bridge.kind() instanceof LinkKind.Bridge(boolean snooping, boolean learning) && learning) {
      LinkKind kind = new LinkKind.Bridge(snooping, BRIDGE.linkLocalLearning());
      operations.add(new ChangeLinkKind(LinkSelector.of(bridge.index()), kind));
    }
  }

  private static void correctAddresses(
      List<Usage> ranges,
      int bridge,
      List<LinkAddress> addresses,
      List<Lease> leases,
      List<RouteOperation> operations) {
    List<LinkAddress> wanted = wantedAddresses(ranges, bridge);
    for (LinkAddress address : addresses) {
      Cidr subnet = new Cidr(address.address(), address.prefixLength());
      boolean needed =
          wanted.stream().anyMatch(address::isSamePlace)
              || leases.stream().anyMatch(l -> l.addresses().stream().anyMatch(subnet::contains));
      if (address.protocol() == OUR_PROTOCOL && !needed) {
        operations.add(new Delete(address));
      }
    }
    for (LinkAddress address : wanted) {
      if (addresses.stream().noneMatch(address::isSamePlace)) {
        operations.add(new Add(address));
      }
    }
  }

  private static List<LinkAddress> wantedAddresses(List<Usage> ranges, int bridge) {
    List<LinkAddress> wanted = new ArrayList<>();
    boolean ipv6 = false;
    for (Usage range : ranges) {
      wanted.add(ours(bridge, range.gateway(), range.range().prefixLength()));
      ipv6 |= range.gateway().family() == AddressFamily.IPV6;
    }
    if (ipv6) {
      wanted.add(ours(bridge, SOLICITING, SOLICITING_PREFIX));
    }
    return wanted;
  }

  private static LinkAddress ours(int bridge, IpAddress address, int prefixLength) {
    return LinkAddress.of(bridge, address, prefixLength).withProtocol(OUR_PROTOCOL);
  }

  /** Removes the bridge if it is ours, and every attachment. */
  static List<RouteOperation> remove(List<Link> links) {
    List<RouteOperation> operations = new ArrayList<>();
    for (Link link : links) {
      if (HostLink.lease(link.alias()) != null
          || HostLink.isShaper(link)
          || link.alias().equals(ALIAS)) {
        operations.add(new DeleteLink(LinkSelector.of(link.index())));
      }
    }
    return operations;
  }
}
