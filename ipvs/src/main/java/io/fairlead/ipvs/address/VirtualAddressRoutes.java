package io.fairlead.ipvs.address;

import io.fairlead.dataplane.evidence.Comparison;
import io.fairlead.dataplane.evidence.KernelObject;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.route.ForwardingEntry;
import io.fairlead.dataplane.netlink.route.Link;
import io.fairlead.dataplane.netlink.route.LinkAddress;
import io.fairlead.dataplane.netlink.route.Neighbour;
import io.fairlead.dataplane.netlink.route.RecordingRoutes;
import io.fairlead.dataplane.netlink.route.Route;
import io.fairlead.dataplane.netlink.route.RouteEvent;
import io.fairlead.dataplane.netlink.route.RouteKernel;
import io.fairlead.dataplane.netlink.route.RouteObject;
import io.fairlead.dataplane.netlink.route.RoutingRule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes Services' addresses the node's own, without binding them to a device: a local route for
 * each service CIDR, and one for each other address. An address that an interface has is left to
 * it. The node's own connections to Services come from the node's address ({@code src} of the
 * route), not from the Service's. {@link #notice} and {@link #distrust} may be called by any
 * thread, the others by one at a time.
 */
public final class VirtualAddressRoutes {

  private static final int LOOPBACK = 1;
  private static final IpAddress LOOPBACK_IPV6 = IpAddress.parse("::1");

  private final LocalRoutes routes;
  private final Map<IpAddress, Integer> wanted = new HashMap<>();
  private final Map<AddressFamily, IpAddress> sources = new ConcurrentHashMap<>();

  /** Sorted: a hash table would stay as large as the first sync made it, and each use cost that. */
  private final Set<Cidr> dirty = new TreeSet<>();

  private final List<String> problems = new ArrayList<>();
  private InterfaceAddresses interfaces = InterfaceAddresses.NONE;
  private Set<IpAddress> held = Set.of();
  private List<Cidr> serviceCidrs = List.of();

  /** Those of {@link #serviceCidrs} that have a route. */
  private Set<Cidr> routed = Set.of();

  private volatile boolean distrusted = true;

  /**
   * Touches nothing yet.
   *
   * @param kernel remains the caller's
   */
  public VirtualAddressRoutes(RouteKernel kernel) {
    this.routes = new LocalRoutes(kernel);
  }

  /** Takes over the networks of cluster IPs; each gets one route for all of its addresses. */
  public void settings(List<Cidr> cidrs) {
    serviceCidrs = Cidr.disjoint(cidrs);
    chooseCidrs();
  }

  /**
   * Takes over which addresses the node has.
   *
   * @param preferred the node's addresses in the cluster, from which its connections should come
   */
  public void nodeAddresses(InterfaceAddresses current, List<IpAddress> preferred) {
    interfaces = current;
    Set<IpAddress> before = held;
    held = current.held();
    markDifference(before, held);
    markDifference(held, before);
    for (AddressFamily family : AddressFamily.values()) {
      IpAddress source = current.source(family, preferred);
      IpAddress known = source == null ? sources.remove(family) : sources.put(family, source);
      if (!Objects.equals(source, known)) {
        markFamily(family);
      }
    }
    chooseCidrs();
  }

  private void markDifference(Set<IpAddress> some, Set<IpAddress> others) {
    for (IpAddress address : some) {
      if (!others.contains(address) && wanted.containsKey(address)) {
        dirty.add(Cidr.host(address));
      }
    }
  }

  private void markFamily(AddressFamily family) {
    routed.stream().filter(cidr -> cidr.family() == family).forEach(dirty::add);
    wanted.keySet().stream()
        .filter(address -> address.family() == family)
        .forEach(address -> dirty.add(Cidr.host(address)));
  }

  /**
   * A network that an interface is in gets no route as a whole: that would turn all hosts of it
   * into this node, and cut this node off. Services' addresses there get a route each.
   */
  private void chooseCidrs() {
    Set<Cidr> chosen = new HashSet<>(serviceCidrs);
    problems.clear();
    for (Cidr network : interfaces.networks()) {
      for (Cidr cidr : serviceCidrs) {
        if (cidr.overlaps(network) && chosen.remove(cidr)) {
          problems.add(
              "The service CIDR "
                  + cidr
                  + " overlaps the network "
                  + network
                  + " of an interface of this node; only the addresses of Services are routed."
                  + " Correct service-cidr");
        }
      }
    }
    if (!chosen.equals(routed)) {
      dirty.addAll(routed);
      dirty.addAll(chosen);
      routed = chosen;
      wanted.keySet().forEach(address -> dirty.add(Cidr.host(address)));
    }
  }

  /** Asks for an address to be the node's own, until {@link #unwant} was called as often. */
  public void want(IpAddress address) {
    if (wanted.merge(address, 1, Integer::sum) == 1) {
      dirty.add(Cidr.host(address));
    }
  }

  /** Takes back one {@link #want}. */
  public void unwant(IpAddress address) {
    Integer count = wanted.get(address);
    if (count == null) {
      throw new IllegalStateException("nobody wants " + address);
    }
    if (count == 1) {
      wanted.remove(address);
      dirty.add(Cidr.host(address));
    } else {
      wanted.put(address, count - 1);
    }
  }

  private @Nullable Route desired(Cidr destination) {
    if (!routed.contains(destination)) {
      IpAddress address = destination.network();
      boolean single = destination.prefixLength() == destination.family().bitLength();
      if (!single
          || !wanted.containsKey(address)
          || held.contains(address)
          || routed.stream().anyMatch(cidr -> cidr.contains(address))) {
        return null;
      }
    }
    return LocalRoutes.route(destination, sources.get(destination.family()));
  }

  /**
   * The route by which an address is the node's own, as the kernel has it now; nothing if none is
   * wanted for it.
   *
   * @throws IOException if the kernel could not be read
   */
  public List<KernelObject> evidence(IpAddress address) throws IOException {
    Route route = desired(Cidr.host(address));
    for (Cidr cidr : routed) {
      if (cidr.contains(address)) {
        route = desired(cidr);
      }
    }
    return route == null || !wanted.containsKey(address)
        ? List.of()
        : List.of(routes.evidence(address, route));
  }

  /** The destinations of our routes in the kernel, whoever made them. */
  public Set<Cidr> present() throws IOException {
    return routes.present();
  }

  /** What an operator should know, as sentences; empty if all is well. */
  public List<String> problems() {
    List<String> all = new ArrayList<>(problems);
    all.addAll(routes.problems());
    return all;
  }

  /**
   * Takes note of an event.
   *
   * @return whether the next commit has something to repair
   */
  public boolean notice(RouteEvent event) {
    boolean lost =
        switch (event) {
          case RouteEvent.Overrun() -> true;
          case RouteEvent.Changed(RouteObject object) -> takesRoutesAlong(object);
          case RouteEvent.Deleted(RouteObject object) ->
              takesRoutesAlong(object) || isSource(object);
        };
    if (lost) {
      distrust();
    }
    return lost || routes.notice(event);
  }

  /** IPv6 routes go with the loopback device that is set down, and may come when it is up again. */
  private static boolean takesRoutesAlong(RouteObject object) {
    return switch (object) {
      case Link link -> link.index() == LOOPBACK;
      case LinkAddress address -> address.address().equals(LOOPBACK_IPV6);
      case Route _, RoutingRule _, Neighbour _, ForwardingEntry _ -> false;
    };
  }

  /**
   * With an address go the routes that name it as their source (or their source, with IPv6), and
   * not all kernels tell of that. It may be back before anybody looks.
   */
  private boolean isSource(RouteObject object) {
    return object instanceof LinkAddress address && sources.containsValue(address.address());
  }

  /** The next commit reads the kernel. */
  public void distrust() {
    distrusted = true;
  }

  /** Whether the next commit has anything to do. */
  public boolean isPending() {
    return distrusted || !dirty.isEmpty() || routes.isDisturbed();
  }

  /**
   * Brings the kernel to what is wanted, at a cost of what changed. The first one reads the kernel,
   * and so does each one after a failure, a {@link #distrust} or lost events.
   *
   * @return what it took, in order
   * @throws IOException if the kernel refused
   */
  public List<String> commit() throws IOException {
    if (distrusted) {
      return synchronize();
    }
    dirty.addAll(routes.disturbed());
    Map<Cidr, @Nullable Route> changes = new LinkedHashMap<>();
    dirty.stream().sorted().forEach(destination -> changes.put(destination, desired(destination)));
    dirty.clear();
    try {
      return routes.apply(changes);
    } catch (IOException e) {
      distrust();
      throw e;
    }
  }

  /**
   * Compares all routes of ours in the kernel with what is wanted, and changes what differs.
   *
   * @return what it took; empty if everything was right
   * @throws IOException if the kernel refused
   */
  public List<String> synchronize() throws IOException {
    dirty.clear();
    distrusted = false; // A distrust from here on asks for another look.
    Map<Cidr, Route> all = new TreeMap<>();
    for (Cidr cidr : routed) {
      all.put(cidr, LocalRoutes.route(cidr, sources.get(cidr.family())));
    }
    for (IpAddress address : wanted.keySet()) {
      Cidr destination = Cidr.host(address);
      Route route = desired(destination);
      if (route != null) {
        all.put(destination, route);
      }
    }
    try {
      return routes.synchronize(all);
    } catch (IOException e) {
      distrust();
      throw e;
    }
  }

  /**
   * What another one has recorded that would be changed, but for what this one knows to be
   * impossible or not needed.
   *
   * @throws IOException if the kernel cannot be read
   */
  public Comparison compare(RecordingRoutes recording) throws IOException {
    return routes.compare(recording);
  }

  /**
   * Removes all our routes; what is wanted is still known, and the next commit restores it.
   *
   * @throws IOException if the kernel refused; it may be called again
   */
  public List<String> remove() throws IOException {
    distrust();
    return routes.synchronize(Map.of());
  }

  /** Removes what an earlier run left in the kernel, and says what. */
  public static List<String> cleanup(RouteKernel kernel) throws IOException {
    return new LocalRoutes(kernel).synchronize(Map.of());
  }
}
