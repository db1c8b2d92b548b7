package io.fairlead.overlay;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.netlink.route.ForwardingEntry;
import io.fairlead.dataplane.netlink.route.LinkAddress;
import io.fairlead.dataplane.netlink.route.Neighbour;
import io.fairlead.dataplane.netlink.route.Route;
import io.fairlead.dataplane.netlink.route.RouteEntry;
import io.fairlead.dataplane.netlink.route.RoutingRule;
import org.jspecify.annotations.Nullable;

/** Where the kernel holds one entry only, so that two that belong there exclude each other. */
sealed interface Place {

  record ForwardingPlace(int linkIndex, MacAddress mac) implements Place {
    @Override
    public String toString() {
      return "VTEP MAC address " + mac;
    }
  }

  record NeighbourPlace(int linkIndex, IpAddress address) implements Place {
    @Override
    public String toString() {
      return "VTEP address " + address;
    }
  }

  record RoutePlace(Cidr destination, int metric) implements Place {
    @Override
    public String toString() {
      return "pod CIDR " + destination;
    }
  }

  /** The device and what carries it, whose damage is found by comparing everything. */
  record WholePlace() implements Place {
    @Override
    public String toString() {
      return "device " + TunnelDevice.NAME + ", or the link with this node's address";
    }
  }

  Place WHOLE = new WholePlace();

  /** The entry's place, or null if the overlay has no such entries. */
  static @Nullable Place of(RouteEntry entry) {
    return switch (entry) {
      case ForwardingEntry forwarding ->
          new ForwardingPlace(forwarding.linkIndex(), forwarding.mac());
      case Neighbour neighbour -> new NeighbourPlace(neighbour.linkIndex(), neighbour.address());
      case Route route ->
          route.table() == Route.TABLE_MAIN
              ? new RoutePlace(route.destination(), route.metric())
              : null;
      case LinkAddress _, RoutingRule _ -> null;
    };
  }
}
