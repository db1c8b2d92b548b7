package io.fairlead.overlay;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.netlink.route.ForwardingEntry;
import io.fairlead.dataplane.netlink.route.Neighbour;
import io.fairlead.dataplane.netlink.route.Route;
import io.fairlead.dataplane.netlink.route.RouteEntry;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Plans what a peer needs, from records alone: the same input gives the same plan.
 *
 * @param deviceIndex the VXLAN device's, or 0 if there is none
 */
record PeerPlanner(NodeRecord self, Underlay underlay, OverlayOptions options, int deviceIndex) {

  PeerPlan plan(NodeRecord peer) {
    if (options.mode() == OverlayMode.NONE || peer.name().equals(self.name())) {
      return PeerPlan.NOTHING;
    }
    Draft draft = new Draft(peer.name());
    if (peer.podCidrs().isEmpty()) {
      draft.problem(
          "it has no podCIDR yet; let the controller manager allocate node CIDRs, or set"
              + " spec.podCIDRs");
    }
    for (Cidr podCidr : peer.podCidrs()) {
      if (self.podCidrs().stream().anyMatch(podCidr::overlaps)) {
        draft.problem(
            "its pod CIDR "
                + podCidr
                + " overlaps that of this node, "
                + self.name()
                + "; give it another");
      } else if (holdsNodes(PeerEndpoint.of(peer), podCidr)) {
        draft.problem(
            "its pod CIDR "
                + podCidr
                + " holds addresses of nodes, its own or ours; give it another");
      } else {
        plan(PeerEndpoint.of(peer), podCidr, draft);
      }
    }
    return draft.finish();
  }

  /** Such a route would take the nodes' own packets into the tunnel, and itself with them. */
  private boolean holdsNodes(PeerEndpoint peer, Cidr podCidr) {
    IpAddress remote = peer.address(podCidr.family());
    Underlay.Path path = underlay.path(podCidr.family());
    return (remote != null && podCidr.contains(remote))
        || (path != null && podCidr.contains(path.address()));
  }

  private void plan(PeerEndpoint peer, Cidr podCidr, Draft draft) {
    Route direct = directRoute(peer, podCidr);
    switch (options.mode()) {
      case VXLAN -> {
        if ((options.directRouting() || peer.isGateway()) && direct != null) {
          draft.routes.add(direct);
        } else if (peer.refusesTunnel()) {
          draft.problem(refusesTunnel(peer, podCidr));
        } else {
          planTunnel(peer, podCidr, draft);
        }
      }
      case HOST_GW -> {
        if (direct != null) {
          draft.routes.add(direct);
        } else {
          draft.problem(notAdjacent(peer, podCidr));
        }
      }
      case NONE -> {}
    }
  }

  private @Nullable Route directRoute(PeerEndpoint peer, Cidr podCidr) {
    IpAddress gateway = peer.address(podCidr.family());
    Underlay.Path path = underlay.path(podCidr.family());
    if (gateway == null || path == null) {
      return null;
    }
    boolean adjacent = path.reaches(gateway) && !gateway.equals(path.address());
    return adjacent ? Route.to(podCidr).via(gateway).dev(path.linkIndex()) : null;
  }

  private static String refusesTunnel(PeerEndpoint peer, Cidr podCidr) {
    String backend = peer.flannel() == null ? "" : peer.flannel().backend();
    return "its pods of "
        + podCidr
        + " cannot be reached through VXLAN: its flannel uses the backend "
        + backend
        + "; use the same mode here, or run fairlead there";
  }

  private String notAdjacent(PeerEndpoint peer, Cidr podCidr) {
    String family = podCidr.family().kubernetesName();
    IpAddress gateway = peer.address(podCidr.family());
    if (gateway == null) {
      return "its pods of " + podCidr + " cannot be reached: it has no " + family + " InternalIP";
    }
    Underlay.Path path = underlay.path(podCidr.family());
    if (path == null) {
      return "its pods of "
          + podCidr
          + " cannot be reached: no link of this node carries its "
          + family
          + " InternalIP";
    }
    return "its pods of "
        + podCidr
        + " cannot be reached in mode host-gw: its address "
        + gateway
        + " is not on this node's link "
        + path.linkName()
        + " "
        + path.prefixes()
        + "; use mode vxlan";
  }

  private void planTunnel(PeerEndpoint peer, Cidr podCidr, Draft draft) {
    Underlay.Path path = underlay.tunnelPath();
    if (path == null || deviceIndex == 0) {
      return; // The missing device is a problem of its own, told once and not once per peer.
    }
    IpAddress remote = peer.address(path.address().family());
    if (remote == null) {
      draft.problem(
          "it has no "
              + path.address().family().kubernetesName()
              + " InternalIP, which tunnel packets from this node need");
      return;
    }
    if (remote.equals(path.address())) {
      draft.problem("it claims this node's own InternalIP " + remote);
      return;
    }
    boolean v4 = podCidr.family() == AddressFamily.IPV4;
    if (peer.flannel() != null && !v4) {
      draft.problem(
          "its pods of "
              + podCidr
              + " cannot be reached: flannel has another device for IPv6, which fairlead does not"
              + " speak to; run fairlead there");
      return;
    }
    MacAddress mac = peer.mac(options.vni(), draft::problem);
    if (mac == null) {
      return;
    }
    if (mac.equals(VtepAddress.mac(self.name()))) {
      draft.problem(
          "it has this node's own VTEP MAC address "
              + mac
              + "; set another in the annotation of one of them");
      return;
    }
    IpAddress nextHop = v4 ? podCidr.network() : VtepAddress.linkLocal(mac);
    draft.forwarding.add(ForwardingEntry.vxlan(deviceIndex, mac, remote));
    draft.neighbours.add(Neighbour.permanent(deviceIndex, nextHop, mac));
    Route route = Route.to(podCidr).via(nextHop).dev(deviceIndex);
    draft.routes.add(v4 ? route.withOnlink() : route);
  }

  /** A plan in the making; sets, since pod CIDRs share endpoints. */
  private static final class Draft {

    private final String node;
    private final Set<ForwardingEntry> forwarding = new LinkedHashSet<>();
    private final Set<Neighbour> neighbours = new LinkedHashSet<>();
    private final Set<Route> routes = new LinkedHashSet<>();
    private final Set<OverlayProblem> problems = new LinkedHashSet<>();

    Draft(String node) {
      this.node = node;
    }

    void problem(String sentence) {
      problems.add(new OverlayProblem(node, sentence));
    }

    PeerPlan finish() {
      List<RouteEntry> entries = new ArrayList<>(forwarding);
      entries.addAll(neighbours);
      entries.addAll(routes);
      return new PeerPlan(entries, List.copyOf(problems));
    }
  }
}
