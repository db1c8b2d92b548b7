package io.fairlead.overlay;

import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.netlink.route.ForwardingEntry;
import io.fairlead.dataplane.netlink.route.Link;
import io.fairlead.dataplane.netlink.route.LinkAddress;
import io.fairlead.dataplane.netlink.route.LinkKind;
import io.fairlead.dataplane.netlink.route.Neighbour;
import io.fairlead.dataplane.netlink.route.Route;
import io.fairlead.dataplane.netlink.route.RouteEntry;
import io.fairlead.dataplane.netlink.route.RouteEvent;
import io.fairlead.dataplane.netlink.route.RouteObject;
import io.fairlead.dataplane.netlink.route.RoutingRule;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides what an event of the kernel means for us. Events come late and also tell of our own
 * changes, so they are taken as a reason to look at a place again, never as the state itself.
 *
 * @param device the VXLAN device as it was last seen, or null
 * @param wanted the device as it should be, or null if there should be none
 * @param offload whether checksums of the device must not be left to what is behind it
 * @param links those that carry this node's addresses, as last seen
 * @param addresses of those links, as last seen
 */
record EventSorter(
    @Nullable NodeRecord self,
    @Nullable Link device,
    @Nullable TunnelDevice wanted,
    boolean offload,
    List<Link> links,
    List<LinkAddress> addresses) {

  /** Nothing known yet. */
  static final EventSorter BLIND = new EventSorter(null, null, null, false, List.of(), List.of());

  /** Whether the event concerns the device or the underlay, so that everything must be compared. */
  boolean asksForAudit(RouteEvent event) {
    return switch (event) {
      case RouteEvent.Overrun() -> true;
      case RouteEvent.Changed(RouteObject object) ->
          switch (object) {
            case Link link -> differs(link);
            case LinkAddress address -> isNews(address);
            case Route _, RoutingRule _, Neighbour _, ForwardingEntry _ -> false;
          };
      case RouteEvent.Deleted(RouteObject object) ->
          switch (object) {
            case Link link ->
                isDevice(link.index()) || isUnderlay(link.index()) || wasInTheWay(link);
            case LinkAddress address -> isMissed(address);
            case Route _, RoutingRule _, Neighbour _, ForwardingEntry _ -> false;
          };
    };
  }

  private boolean isDevice(int index) {
    return device != null && device.index() == index;
  }

  private boolean isUnderlay(int index) {
    return links.stream().anyMatch(link -> link.index() == index);
  }

  /** Whether that link may have kept our device from being made. */
  private boolean wasInTheWay(Link link) {
    return wanted != null
        && device == null
        && link.kind() instanceof LinkKind.Vxlan other
        && other.vni() == wanted.kind().vni()
        && !link.name().equals(TunnelDevice.NAME);
  }

  private boolean differs(Link link) {
    if (isDevice(link.index())) {
      // A changed offload is told by an event that does not say what changed.
      return wanted == null || offload || !TunnelDeviceKeeper.matches(wanted, link);
    }
    return links.stream()
        .anyMatch(known ->
            known.index() == link.index()
                && (known.mtu() != link.mtu()
                    || known.isUp() != link.isUp()
                    || !known.name().equals(link.name())));
  }

  private boolean isNews(LinkAddress address) {
    if (isDevice(address.linkIndex())) {
      return wanted != null && !wanted.isOwn(address);
    }
    boolean concerns =
        isUnderlay(address.linkIndex())
            || (self != null && self.addresses().contains(address.address()));
    // Addresses of a router advertisement are told again and again.
    return concerns && addresses.stream().noneMatch(address::isSamePlace);
  }

  private boolean isMissed(LinkAddress address) {
    if (isDevice(address.linkIndex())) {
      return wanted != null && wanted.addresses().contains(address.address());
    }
    return addresses.stream().anyMatch(address::isSamePlace);
  }

  /** Notes in {@code committed} what the events tell, and returns the places to look at. */
  static Set<Place> places(
      List<RouteEvent> events, DesiredEntries desired, CommittedEntries committed) {
    Set<Place> places = new LinkedHashSet<>();
    for (RouteEvent event : events) {
      Place place =
          switch (event) {
            case RouteEvent.Changed(RouteEntry entry) -> changed(entry, desired, committed);
            case RouteEvent.Deleted(RouteEntry entry) -> deleted(entry, desired, committed);
            case RouteEvent.Changed _, RouteEvent.Deleted _, RouteEvent.Overrun _ -> null;
          };
      if (place != null) {
        places.add(place);
      }
    }
    return places;
  }

  private static @Nullable Place changed(
      RouteEntry entry, DesiredEntries desired, CommittedEntries committed) {
    Place place = Place.of(entry);
    if (place == null || desired.entry(place) == null || entry.equals(committed.entry(place))) {
      return null;
    }
    if (entry instanceof Route route && !CommittedEntries.isOurs(route)) {
      if (committed.entry(place) == null) {
        return null; // A stranger where we already know one, or have yet to look.
      }
      committed.observeReplaced(place);
    } else {
      committed.observe(place, entry);
    }
    return place;
  }

  private static @Nullable Place deleted(
      RouteEntry entry, DesiredEntries desired, CommittedEntries committed) {
    Place place = Place.of(entry);
    if (place == null || desired.entry(place) == null) {
      return null;
    }
    if (entry instanceof Route route
        && !route.equals(committed.entry(place))
        && !committed.isRefused(place)) {
      return null; // A route that had been replaced before.
    }
    committed.observe(place, null);
    return place;
  }
}
