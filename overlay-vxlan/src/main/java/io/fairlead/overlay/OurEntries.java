package io.fairlead.overlay;

import io.fairlead.dataplane.evidence.RouteComparison;
import io.fairlead.dataplane.netlink.route.ForwardingEntry;
import io.fairlead.dataplane.netlink.route.Link;
import io.fairlead.dataplane.netlink.route.LinkAddress;
import io.fairlead.dataplane.netlink.route.Neighbour;
import io.fairlead.dataplane.netlink.route.Route;
import io.fairlead.dataplane.netlink.route.RouteEntry;
import io.fairlead.dataplane.netlink.route.RoutingRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells entries of the overlay from others that are read with them.
 *
 * @param device null if there is none
 */
record OurEntries(@Nullable Link device) implements RouteComparison.Ours {

  @Override
  public boolean entry(RouteEntry entry) {
    int index = device == null ? -1 : device.index();
    return switch (entry) {
      case Route route -> CommittedEntries.isOurs(route);
      case Neighbour neighbour ->
          neighbour.linkIndex() == index && neighbour.protocol() == Route.PROTOCOL_FAIRLEAD;
      case ForwardingEntry forwarding ->
          forwarding.linkIndex() == index && forwarding.destination() != null;
      case LinkAddress address ->
          address.linkIndex() == index && address.scope() == Route.SCOPE_UNIVERSE;
      case RoutingRule _ -> false;
    };
  }

  @Override
  public List<Link> links() {
    return device == null ? List.of() : List.of(device);
  }
}
