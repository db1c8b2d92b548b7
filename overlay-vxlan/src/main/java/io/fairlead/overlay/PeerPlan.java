package io.fairlead.overlay;

import io.fairlead.dataplane.netlink.route.RouteEntry;
import java.util.List;

/**
 * What one peer needs in this node's kernel.
 *
 * @param entries forwarding entries, neighbours and routes, in the order in which they are to be
 *     made
 */
record PeerPlan(List<RouteEntry> entries, List<OverlayProblem> problems) {

  static final PeerPlan NOTHING = new PeerPlan(List.of(), List.of());

  PeerPlan {
    entries = List.copyOf(entries);
    problems = List.copyOf(problems);
  }
}
