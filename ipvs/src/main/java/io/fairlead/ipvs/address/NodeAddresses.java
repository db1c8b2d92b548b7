package io.fairlead.ipvs.address;

import io.fairlead.dataplane.netlink.route.ForwardingEntry;
import io.fairlead.dataplane.netlink.route.Link;
import io.fairlead.dataplane.netlink.route.LinkAddress;
import io.fairlead.dataplane.netlink.route.Neighbour;
import io.fairlead.dataplane.netlink.route.Route;
import io.fairlead.dataplane.netlink.route.RouteEvent;
import io.fairlead.dataplane.netlink.route.RouteKernel;
import io.fairlead.dataplane.netlink.route.RouteObject;
import io.fairlead.dataplane.netlink.route.RoutingRule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Knows which addresses the node's interfaces have: reads them once, and then follows the kernel's
 * events. An event may be older than what was read, but none is missed, so that the last one is
 * right. Thread-safe, but for the kernel that it reads, which one thread at a time uses.
 */
public final class NodeAddresses {

  /** The device that kube-proxy in mode ipvs binds Services' addresses to; it may be left over. */
  static final String BORROWED = "kube-ipvs0";

  private final RouteKernel kernel;
  private InterfaceAddresses current = InterfaceAddresses.NONE;
  private boolean stale = true;

  /**
   * Reads nothing yet. Subscribe to the kernel's events before the first {@link #current}.
   *
   * @param kernel remains the caller's
   */
  public NodeAddresses(RouteKernel kernel) {
    this.kernel = kernel;
  }

  /** What is known now; it is read where nothing is, or where events were lost. */
  public synchronized InterfaceAddresses current() throws IOException {
    if (stale) {
      // Events wait meanwhile: what happens after the reading must not be overwritten by it.
      Link borrowed = kernel.link(BORROWED);
      current = sorted(kernel.addresses(0), borrowed == null ? 0 : borrowed.index());
      stale = false;
    }
    return current;
  }

  /** The kernel's addresses are read again when they are asked for next. */
  public synchronized void distrust() {
    stale = true;
  }

  /**
   * Takes note of an event.
   *
   * @return whether {@link #current} may be another now
   */
  public synchronized boolean notice(RouteEvent event) {
    InterfaceAddresses before = current;
    switch (event) {
      case RouteEvent.Overrun() -> stale = true;
      case RouteEvent.Changed(RouteObject object) -> changed(object);
      case RouteEvent.Deleted(RouteObject object) -> deleted(object);
    }
    return stale || !current.equals(before);
  }

  private void changed(RouteObject object) {
    switch (object) {
      case LinkAddress address -> {
        List<LinkAddress> all = without(address);
        all.add(address);
        current = sorted(all, current.borrowedLink());
      }
      case Link link -> {
        if (link.name().equals(BORROWED)) {
          current = new InterfaceAddresses(current.all(), link.index());
        } else if (link.index() == current.borrowedLink()) {
          current = new InterfaceAddresses(current.all(), 0);
        }
      }
      case Route _, RoutingRule _, Neighbour _, ForwardingEntry _ -> {}
    }
  }

  private void deleted(RouteObject object) {
    switch (object) {
      case LinkAddress address ->
          current = new InterfaceAddresses(without(address), current.borrowedLink());
      case Link link -> {
        if (link.index() == current.borrowedLink()) {
          current = new InterfaceAddresses(current.all(), 0);
        }
      }
      case Route _, RoutingRule _, Neighbour _, ForwardingEntry _ -> {}
    }
  }

  private List<LinkAddress> without(LinkAddress address) {
    List<LinkAddress> all = new ArrayList<>(current.all());
    all.removeIf(address::isSamePlace);
    return all;
  }

  /** In an order that does not depend on how they came to be known. */
  private static InterfaceAddresses sorted(List<LinkAddress> all, int borrowedLink) {
    return new InterfaceAddresses(
        all.stream()
            .sorted(
                Comparator.comparingInt(LinkAddress::linkIndex)
                    .thenComparing(LinkAddress::address)
                    .thenComparingInt(LinkAddress::prefixLength))
            .toList(),
        borrowedLink);
  }
}
