package io.fairlead.overlay;

import io.fairlead.dataplane.netlink.route.Route;
import io.fairlead.dataplane.netlink.route.RouteEntry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The plans of all peers together. Where two peers claim the same place, the first by name has it
 * and the others are a problem; the order in which peers come and go makes no difference. Not
 * thread-safe.
 */
final class DesiredEntries {

  private final SortedMap<String, PeerPlan> plans = new TreeMap<>();
  private final Map<Place, SortedMap<String, RouteEntry>> claims = new HashMap<>();
  private final Set<Place> contested = new HashSet<>();
  private int routes;

  /** Takes the peer's plan in the place of its last; returns the places that may differ now. */
  Set<Place> put(String node, PeerPlan plan) {
    Set<Place> touched = new LinkedHashSet<>();
    PeerPlan before = plans.put(node, plan);
    if (plan.entries().isEmpty() && plan.problems().isEmpty()) {
      plans.remove(node);
    }
    if (before != null) {
      for (RouteEntry entry : before.entries()) {
        touched.add(release(place(entry), node));
      }
    }
    for (RouteEntry entry : plan.entries()) {
      touched.add(claim(place(entry), node, entry));
    }
    return touched;
  }

  private static Place place(RouteEntry entry) {
    Place place = Place.of(entry);
    if (place == null) {
      throw new IllegalArgumentException(entry + " is not of the overlay");
    }
    return place;
  }

  private Place claim(Place place, String node, RouteEntry entry) {
    SortedMap<String, RouteEntry> claimants = claims.computeIfAbsent(place, _ -> new TreeMap<>());
    claimants.put(node, entry);
    if (claimants.size() > 1) {
      contested.add(place);
    } else if (entry instanceof Route) {
      routes++;
    }
    return place;
  }

  private Place release(Place place, String node) {
    SortedMap<String, RouteEntry> claimants = claims.get(place);
    if (claimants == null) {
      return place;
    }
    claimants.remove(node);
    if (claimants.size() < 2) {
      contested.remove(place);
    }
    if (claimants.isEmpty()) {
      claims.remove(place);
      routes -= place instanceof Place.RoutePlace ? 1 : 0;
    }
    return place;
  }

  /** What belongs in the place, or null if it should be empty. */
  @Nullable RouteEntry entry(Place place) {
    SortedMap<String, RouteEntry> claimants = claims.get(place);
    return claimants == null ? null : claimants.get(claimants.firstKey());
  }

  /** The peer for whose sake the place is taken, or an empty string. */
  String node(Place place) {
    SortedMap<String, RouteEntry> claimants = claims.get(place);
    return claimants == null ? "" : claimants.firstKey();
  }

  /** All places that something belongs in, by peer. */
  Set<Place> places() {
    Set<Place> places = new LinkedHashSet<>();
    for (PeerPlan plan : plans.values()) {
      plan.entries().forEach(entry -> places.add(place(entry)));
    }
    return Collections.unmodifiableSet(places);
  }

  /** The peers of which something is known. */
  Set<String> nodes() {
    return Collections.unmodifiableSet(new TreeSet<>(plans.keySet()));
  }

  /** What belongs in the kernel for a peer's sake, without what another peer has the place of. */
  List<RouteEntry> entries(String node) {
    PeerPlan plan = plans.get(node);
    return plan == null
        ? List.of()
        : plan.entries().stream().filter(entry -> node(place(entry)).equals(node)).toList();
  }

  int routes() {
    return routes;
  }

  /** Peers with at least one route, whether another has its place or not. */
  int routedPeers() {
    int peers = 0;
    for (PeerPlan plan : plans.values()) {
      peers += plan.entries().stream().anyMatch(Route.class::isInstance) ? 1 : 0;
    }
    return peers;
  }

  List<OverlayProblem> problems() {
    List<OverlayProblem> problems = new ArrayList<>();
    plans.values().forEach(plan -> problems.addAll(plan.problems()));
    for (Place place : contested) {
      SortedMap<String, RouteEntry> claimants = claims.get(place);
      if (claimants == null || place instanceof Place.NeighbourPlace) {
        continue; // A neighbour is contested only together with a route or a MAC address.
      }
      String winner = claimants.firstKey();
      claimants.keySet().stream()
          .skip(1)
          .forEach(node ->
              problems.add(
                  new OverlayProblem(
                      node,
                      "node "
                          + winner
                          + " claims its "
                          + place
                          + " too and keeps it; give one of them another")));
    }
    return problems;
  }
}
