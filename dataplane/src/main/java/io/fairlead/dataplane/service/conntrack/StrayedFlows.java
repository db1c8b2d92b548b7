package io.fairlead.dataplane.service.conntrack;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.conntrack.ConntrackEntry;
import io.fairlead.dataplane.netlink.conntrack.ConntrackFilter;
import io.fairlead.dataplane.netlink.conntrack.ConntrackKernel;
import io.fairlead.dataplane.netlink.conntrack.ConntrackStatus;
import io.fairlead.dataplane.netlink.conntrack.ForgettingPass;
import io.fairlead.dataplane.netlink.route.RouteAnswer;
import io.fairlead.dataplane.netlink.route.RouteKernel;
import io.fairlead.dataplane.netlink.route.RouteLookup;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Flows to pods that were masqueraded on a way that is not theirs, since the right one was missing:
 * with the bridge gone, what a node sends to its pods leaves by the default route. The kernel keeps
 * the link of such a flow and drops the packet that takes another one (nf_nat_oif_changed of
 * net/netfilter/nf_nat_core.c): a client that begins again from the same port would lose its first
 * packet once more after the repair. Not thread-safe.
 */
final class StrayedFlows {

  private final ConntrackKernel flows;
  private final RouteKernel routes;
  private final Supplier<List<Cidr>> pods;

  /**
   * @param pods where any node's pods have their addresses; asked at each pass
   */
  StrayedFlows(ConntrackKernel flows, RouteKernel routes, Supplier<List<Cidr>> pods) {
    this.flows = flows;
    this.routes = routes;
    this.pods = pods;
  }

  /**
   * Forgets them. What somebody has answered went the right way.
   *
   * @return how many
   * @throws IOException if some may be left; a further pass finds them
   */
  int forget() throws IOException {
    List<Cidr> networks = pods.get();
    Map<IpAddress, Optional<IpAddress>> sources = new HashMap<>();
    return ForgettingPass.run(
        flows,
        List.of(ConntrackFilter.ALL),
        entry -> {
          IpAddress destination = entry.reply().source();
          if (!entry.has(ConntrackStatus.SRC_NAT)
              || entry.has(ConntrackStatus.SEEN_REPLY)
              || networks.stream().noneMatch(network -> network.contains(destination))) {
            return false;
          }
          Optional<IpAddress> source = sources.get(destination);
          if (source == null) {
            source = source(destination);
            sources.put(destination, source);
          }
          return isAnother(entry, source);
        });
  }

  /** Whether a new flow would be masqueraded as somebody else. */
  private static boolean isAnother(ConntrackEntry entry, Optional<IpAddress> source) {
    return source.isPresent() && !source.get().equals(entry.reply().destination());
  }

  /** As whom the node speaks to an address; empty if there is no way. */
  private Optional<IpAddress> source(IpAddress destination) throws IOException {
    return switch (routes.lookup(RouteLookup.to(destination))) {
      case RouteAnswer.Leads(var route) -> Optional.ofNullable(route.source());
      case RouteAnswer.Refuses _ -> Optional.empty();
    };
  }
}
