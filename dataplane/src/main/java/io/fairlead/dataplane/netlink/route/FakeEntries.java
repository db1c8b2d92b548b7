package io.fairlead.dataplane.netlink.route;

import static io.fairlead.dataplane.netlink.route.FakeLinks.refuse;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.sys.Errno;
import java.util.ArrayList;
import java.util.List;

/** Addresses, routes, rules, neighbours and forwarding entries of a {@link FakeRouteKernel}. */
final class FakeEntries {

  private static final Cidr LINK_LOCAL = Cidr.parse("fe80::/10");

  private final List<RouteEntry> entries = new ArrayList<>();
  private final FakeLinks links;

  FakeEntries(FakeLinks links) {
    this.links = links;
  }

  /** The entries of one kind, in the order in which they were made. */
  <T extends RouteEntry> List<T> of(Class<T> kind) {
    return entries.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  void linkGone(int index) {
    entries.removeIf(entry ->
        switch (entry) {
          case LinkAddress address -> address.linkIndex() == index;
          case Route route -> route.outputIndex() == index;
          case Neighbour neighbour -> neighbour.linkIndex() == index;
          case ForwardingEntry forwarding -> forwarding.linkIndex() == index;
          case RoutingRule _ -> false;
        });
  }

  /** The kernel forgets routes, neighbours and IPv6 addresses of a link that is set down. */
  void linkDown(int index) {
    entries.removeIf(entry ->
        switch (entry) {
          case LinkAddress address ->
              address.linkIndex() == index && address.address().family() == AddressFamily.IPV6;
          case Route route -> route.outputIndex() == index;
          case Neighbour neighbour -> neighbour.linkIndex() == index;
          case ForwardingEntry _, RoutingRule _ -> false;
        });
  }

  void add(RouteOperation operation, RouteEntry entry) throws NetlinkException {
    requirePossible(operation, entry);
    if (entries.stream().anyMatch(other -> samePlace(other, entry))) {
      throw refuse(operation, Errno.EEXIST);
    }
    entries.add(stored(entry));
  }

  void replace(RouteOperation operation, RouteEntry entry) throws NetlinkException {
    requirePossible(operation, entry);
    for (int i = 0; i < entries.size(); i++) {
      if (samePlace(entries.get(i), entry)) {
        entries.set(i, stored(entry));
        return;
      }
    }
    entries.add(stored(entry));
  }

  private static RouteEntry stored(RouteEntry entry) {
    return switch (entry) {
      case LinkAddress address -> address.withFlags(address.flags() | LinkAddress.PERMANENT);
      case Route _, RoutingRule _, Neighbour _, ForwardingEntry _ -> entry;
    };
  }

  void delete(RouteOperation operation, RouteEntry entry) throws NetlinkException {
    for (int i = 0; i < entries.size(); i++) {
      if (isMeant(entries.get(i), entry)) {
        entries.remove(i);
        return;
      }
    }
    if (entry instanceof ForwardingEntry && entries.stream().anyMatch(e -> samePlace(e, entry))) {
      return; // The kernel does nothing, and calls that success, if the destination is another.
    }
    throw refuse(
        operation,
        switch (entry) {
          case LinkAddress _ -> Errno.EADDRNOTAVAIL;
          case Route _ -> Errno.ESRCH;
          case RoutingRule _, Neighbour _, ForwardingEntry _ -> Errno.ENOENT;
        });
  }

  private static boolean samePlace(RouteEntry existing, RouteEntry entry) {
    return switch (entry) {
      case LinkAddress address ->
          existing instanceof LinkAddress other && address.isSamePlace(other);
      case Route route -> existing instanceof Route other && route.isSamePlace(other);
      case RoutingRule rule -> rule.equals(existing);
      case Neighbour neighbour ->
          existing instanceof Neighbour other && neighbour.isSamePlace(other);
      case ForwardingEntry forwarding ->
          existing instanceof ForwardingEntry other && forwarding.isSamePlace(other);
    };
  }

  private static boolean isMeant(RouteEntry existing, RouteEntry entry) {
    return switch (entry) {
      case Route route ->
          existing instanceof Route other
              && route.table() == other.table()
              && route.destination().equals(other.destination())
              && (route.metric() == 0 || route.metric() == other.metric())
              && (route.gateway() == null || route.gateway().equals(other.gateway()))
              && (route.outputIndex() == 0 || route.outputIndex() == other.outputIndex())
              && (route.protocol() == 0 || route.protocol() == other.protocol());
      case ForwardingEntry forwarding ->
          existing instanceof ForwardingEntry other
              && forwarding.isSamePlace(other)
              && (forwarding.destination() == null
                  || forwarding.destination().equals(other.destination()));
      case LinkAddress _, RoutingRule _, Neighbour _ -> samePlace(existing, entry);
    };
  }

  private void requirePossible(RouteOperation operation, RouteEntry entry) throws NetlinkException {
    switch (entry) {
      case LinkAddress address -> requireLink(operation, address.linkIndex());
      case Neighbour neighbour -> requireLink(operation, neighbour.linkIndex());
      case ForwardingEntry forwarding -> requireForwarding(operation, forwarding);
      case Route route -> requireReachable(operation, route);
      case RoutingRule _ -> {}
    }
  }

  private Link requireLink(RouteOperation operation, int index) throws NetlinkException {
    return links.require(operation, LinkSelector.of(index));
  }

  private void requireForwarding(RouteOperation operation, ForwardingEntry entry)
      throws NetlinkException {
    Link link = requireLink(operation, entry.linkIndex());
    boolean possible =
        (entry.flags() & ForwardingEntry.SELF) != 0
            ? link.kind() instanceof LinkKind.Vxlan
            : link.masterIndex() != 0;
    if (!possible) {
      throw refuse(operation, Errno.EOPNOTSUPP);
    }
  }

  private void requireReachable(RouteOperation operation, Route route) throws NetlinkException {
    IpAddress source = route.source();
    if (source != null
        && of(LinkAddress.class).stream().noneMatch(own -> own.address().equals(source))) {
      throw refuse(operation, Errno.EINVAL);
    }
    if (route.type() != Route.TYPE_UNICAST) {
      return;
    }
    if (route.outputIndex() != 0 && !requireLink(operation, route.outputIndex()).isUp()) {
      throw refuse(operation, Errno.ENETDOWN);
    }
    IpAddress gateway = route.gateway();
    if (gateway == null && route.outputIndex() == 0) {
      throw refuse(operation, Errno.ENODEV);
    }
    if (route.onlink() && route.outputIndex() == 0) {
      throw refuse(operation, Errno.EINVAL);
    }
    if (gateway != null && route.onlink() && isKnownElsewhere(gateway, route.outputIndex())) {
      throw refuse(operation, Errno.EINVAL);
    }
    if (gateway != null && !route.onlink() && !isNear(gateway, route.outputIndex())) {
      throw refuse(
          operation, route.family() == AddressFamily.IPV4 ? Errno.ENETUNREACH : Errno.EHOSTUNREACH);
    }
  }

  /**
   * Whether the most specific route to an IPv6 gateway, the default route aside, leads to another
   * link: then the kernel does not believe that it is on this one.
   */
  private boolean isKnownElsewhere(IpAddress gateway, int outputIndex) {
    Route best = null;
    for (Route route : of(Route.class)) {
      int length = route.destination().prefixLength();
      if (route.destination().contains(gateway)
          && length > (best == null ? 0 : best.destination().prefixLength())) {
        best = route;
      }
    }
    return gateway.family() == AddressFamily.IPV6
        && !LINK_LOCAL.contains(gateway)
        && best != null
        && best.outputIndex() != outputIndex;
  }

  /** Whether an address, or a route without a gateway, puts {@code gateway} on the link. */
  private boolean isNear(IpAddress gateway, int outputIndex) {
    if (LINK_LOCAL.contains(gateway)) {
      return outputIndex != 0;
    }
    for (RouteEntry entry : entries) {
      boolean near =
          switch (entry) {
            case LinkAddress own ->
                (outputIndex == 0 || own.linkIndex() == outputIndex)
                    && new Cidr(own.address(), own.prefixLength()).contains(gateway);
            case Route route ->
                route.gateway() == null
                    && (outputIndex == 0 || route.outputIndex() == outputIndex)
                    && route.destination().contains(gateway);
            case RoutingRule _, Neighbour _, ForwardingEntry _ -> false;
          };
      if (near) {
        return true;
      }
    }
    return false;
  }
}
