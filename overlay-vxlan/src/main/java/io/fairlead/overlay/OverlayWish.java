package io.fairlead.overlay;

import io.fairlead.dataplane.netlink.route.RouteEntry;
import io.fairlead.dataplane.netlink.route.RouteKernel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the overlay wants of the kernel at a moment. Immutable.
 *
 * @param deviceIndex the VXLAN device's, or 0 if there is none
 * @param entries forwarding entries, neighbours and routes by the node for whose sake they are
 */
public record OverlayWish(int deviceIndex, SortedMap<String, List<RouteEntry>> entries) {

  /** How the kernel stands to a wish. */
  public enum State {
    PRESENT,
    MISSING,
    DIFFERENT,
    /** It is ours, but nobody wants it. */
    EXTRA
  }

  /**
   * One entry, as wanted and as found.
   *
   * @param node for whose sake it is wanted; empty if it is not
   * @param wanted null if it should not be there
   * @param found null if it is not there
   */
  public record Comparison(
      String node, @Nullable RouteEntry wanted, @Nullable RouteEntry found, State state) {}

  public OverlayWish {
    entries = Collections.unmodifiableSortedMap(new TreeMap<>(entries));
  }

  /**
   * Compares it with the kernel: what is wanted, by node, then what nobody wants.
   *
   * @param kernel of the same network namespace; read by the calling thread
   * @throws IOException if the kernel does not tell
   */
  public List<Comparison> compare(RouteKernel kernel) throws IOException {
    CommittedEntries found = new CommittedEntries(kernel);
    found.read(deviceIndex);
    Set<Place> extra = new LinkedHashSet<>(found.places());
    List<Comparison> all = new ArrayList<>();
    for (Map.Entry<String, List<RouteEntry>> peer : entries.entrySet()) {
      for (RouteEntry wanted : peer.getValue()) {
        Place place = Place.of(wanted);
        RouteEntry present = place == null ? null : found.entry(place);
        extra.remove(place);
        all.add(new Comparison(peer.getKey(), wanted, present, state(wanted, present)));
      }
    }
    for (Place place : extra) {
      all.add(new Comparison("", null, found.entry(place), State.EXTRA));
    }
    return all;
  }

  private static State state(RouteEntry wanted, @Nullable RouteEntry present) {
    return present == null
        ? State.MISSING
        : present.equals(wanted) ? State.PRESENT : State.DIFFERENT;
  }
}
