package io.fairlead.overlay;

import io.fairlead.dataplane.netlink.route.ForwardingEntry;
import io.fairlead.dataplane.netlink.route.LinkAddress;
import io.fairlead.dataplane.netlink.route.Neighbour;
import io.fairlead.dataplane.netlink.route.Route;
import io.fairlead.dataplane.netlink.route.RouteEntry;
import io.fairlead.dataplane.netlink.route.RouteFilter;
import io.fairlead.dataplane.netlink.route.RouteKernel;
import io.fairlead.dataplane.netlink.route.RouteOperation;
import io.fairlead.dataplane.netlink.route.RoutingRule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A mirror of the entries in the kernel that are ours: routes of the main table with a gateway and
 * fairlead's protocol number, and what is on the VXLAN device. Not thread-safe.
 */
final class CommittedEntries {

  private static final RouteFilter OUR_ROUTES =
      RouteFilter.MAIN_TABLE.withProtocol(Route.PROTOCOL_FAIRLEAD);

  private final RouteKernel kernel;
  private final Map<Place, RouteEntry> committed = new LinkedHashMap<>();
  private final Map<Place, String> refused = new LinkedHashMap<>();

  /** Where a stranger's entry was put over ours. */
  private final Set<Place> replaced = new HashSet<>();

  CommittedEntries(RouteKernel kernel) {
    this.kernel = kernel;
  }

  /** Whether the overlay would have made such a route. */
  static boolean isOurs(Route route) {
    return route.protocol() == Route.PROTOCOL_FAIRLEAD
        && route.table() == Route.TABLE_MAIN
        && route.gateway() != null;
  }

  /** Reads the mirror anew; {@code deviceIndex} is 0 if there is no VXLAN device. */
  void read(int deviceIndex) throws IOException {
    Map<Place, RouteEntry> found = new LinkedHashMap<>();
    for (Route route : kernel.routes(OUR_ROUTES)) {
      if (isOurs(route)) {
        put(found, route);
      }
    }
    if (deviceIndex != 0) {
      for (Neighbour neighbour : kernel.neighbours(deviceIndex)) {
        if (neighbour.protocol() == Route.PROTOCOL_FAIRLEAD) {
          put(found, neighbour);
        }
      }
      for (ForwardingEntry entry : kernel.forwardingEntries(deviceIndex)) {
        if (entry.destination() != null) {
          put(found, entry);
        }
      }
    }
    committed.clear();
    committed.putAll(found);
    replaced.removeAll(found.keySet());
    refused.clear();
  }

  private static void put(Map<Place, RouteEntry> places, RouteEntry entry) {
    Place place = Place.of(entry);
    if (place != null) {
      places.put(place, entry);
    }
  }

  Set<Place> places() {
    return new LinkedHashSet<>(committed.keySet());
  }

  @Nullable RouteEntry entry(Place place) {
    return committed.get(place);
  }

  boolean isRefused(Place place) {
    return refused.containsKey(place);
  }

  /** Takes note of what the kernel holds in the place now: null for nothing of ours. */
  void observe(Place place, @Nullable RouteEntry entry) {
    if (entry == null) {
      committed.remove(place);
    } else {
      committed.put(place, entry);
    }
  }

  /** Takes note that somebody put an entry of his own over ours; it is put back over his. */
  void observeReplaced(Place place) {
    committed.remove(place);
    replaced.add(place);
  }

  /** Brings the places to what is desired there, first making, then deleting. */
  void commit(Iterable<Place> places, DesiredEntries desired, List<RouteOperation> applied)
      throws IOException {
    List<RouteOperation> making = new ArrayList<>();
    List<RouteOperation> deleting = new ArrayList<>();
    for (Place place : places) {
      RouteEntry wanted = desired.entry(place);
      RouteEntry present = committed.get(place);
      refused.remove(place);
      if (wanted == null && present != null) {
        deleting.add(new RouteOperation.Delete(present));
      } else if (wanted != null && !wanted.equals(present)) {
        // Only a route may meet a stranger in its place; the device and all on it is ours. Who was
        // there first is respected, but not who took the place from us.
        boolean strangerPossible =
            present == null && wanted instanceof Route && !replaced.contains(place);
        making.add(
            strangerPossible ? new RouteOperation.Add(wanted) : new RouteOperation.Replace(wanted));
      }
    }
    // A route must find its neighbour, and that its forwarding entry, at every moment.
    making.sort(java.util.Comparator.comparingInt(CommittedEntries::rank));
    deleting.sort(java.util.Comparator.comparingInt(CommittedEntries::rank).reversed());
    making.addAll(deleting);
    places.forEach(replaced::remove);
    apply(making, applied);
  }

  private static int rank(RouteOperation operation) {
    return switch (entry(operation)) {
      case ForwardingEntry _ -> 0;
      case Neighbour _ -> 1;
      case Route _, LinkAddress _, RoutingRule _ -> 2;
    };
  }

  private static RouteEntry entry(RouteOperation operation) {
    if (operation instanceof RouteOperation.Add(RouteEntry entry)) {
      return entry;
    }
    if (operation instanceof RouteOperation.Replace(RouteEntry entry)) {
      return entry;
    }
    if (operation instanceof RouteOperation.Delete(RouteEntry entry)) {
      return entry;
    }
    throw new IllegalArgumentException(operation + " is not about an entry");
  }

  private void apply(List<RouteOperation> operations, List<RouteOperation> applied)
      throws IOException {
    Map<RouteOperation, RouteKernel.Failure> failures = new HashMap<>();
    for (RouteKernel.Failure failure : kernel.apply(operations)) {
      failures.put(failure.operation(), failure);
    }
    for (RouteOperation operation : operations) {
      RouteKernel.Failure failure = failures.get(operation);
      if (failure == null) {
        applied.add(operation);
        commit(operation);
      } else {
        refused(operation, failure, applied);
      }
    }
  }

  private void commit(RouteOperation operation) {
    RouteEntry entry = entry(operation);
    Place place = Place.of(entry);
    if (place != null) {
      observe(place, operation instanceof RouteOperation.Delete ? null : entry);
    }
  }

  private void refused(
      RouteOperation operation, RouteKernel.Failure failure, List<RouteOperation> applied)
      throws IOException {
    RouteEntry entry = entry(operation);
    Place place = Place.of(entry);
    if (place == null) {
      return;
    }
    if (operation instanceof RouteOperation.Delete && failure.cause().isNotFound()) {
      committed.remove(place);
    } else if (entry instanceof Route route && failure.cause().isExisting()) {
      meet(route, place, applied);
    } else {
      refused.put(place, String.valueOf(failure.cause().getMessage()));
    }
  }

  /** Somebody is in the route's place: ourselves, unknown to the mirror, or a stranger. */
  private void meet(Route route, Place place, List<RouteOperation> applied) throws IOException {
    for (Route other : kernel.routes(RouteFilter.MAIN_TABLE.withFamily(route.family()))) {
      if (!other.isSamePlace(route)) {
        continue;
      }
      if (isOurs(other)) {
        committed.put(place, other);
        if (!other.equals(route)) {
          apply(List.of(new RouteOperation.Replace(route)), applied);
        }
      } else {
        refused.put(
            place,
            "there is a "
                + other
                + " already, which fairlead did not make; delete it, and the route to this node's"
                + " pods takes its place");
      }
      return;
    }
    apply(List.of(new RouteOperation.Replace(route)), applied);
  }

  List<OverlayProblem> problems(DesiredEntries desired) {
    List<OverlayProblem> problems = new ArrayList<>();
    Set<String> seen = new TreeSet<>();
    for (Map.Entry<Place, String> entry : refused.entrySet()) {
      String node = desired.node(entry.getKey());
      if (seen.add(node + entry.getValue())) {
        problems.add(new OverlayProblem(node, entry.getValue()));
      }
    }
    return problems;
  }
}
