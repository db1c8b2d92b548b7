package io.fairlead.ipvs.address;

import io.fairlead.dataplane.evidence.Alignment;
import io.fairlead.dataplane.evidence.Comparison;
import io.fairlead.dataplane.evidence.KernelObject;
import io.fairlead.dataplane.evidence.RouteComparison;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.netlink.route.Link;
import io.fairlead.dataplane.netlink.route.RecordingRoutes;
import io.fairlead.dataplane.netlink.route.Route;
import io.fairlead.dataplane.netlink.route.RouteAnswer;
import io.fairlead.dataplane.netlink.route.RouteEntry;
import io.fairlead.dataplane.netlink.route.RouteEvent;
import io.fairlead.dataplane.netlink.route.RouteFilter;
import io.fairlead.dataplane.netlink.route.RouteKernel;
import io.fairlead.dataplane.netlink.route.RouteLookup;
import io.fairlead.dataplane.netlink.route.RouteObject;
import io.fairlead.dataplane.netlink.route.RouteOperation;
import io.fairlead.dataplane.sys.Errno;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Our routes of the kernel's table local, and what we know of them. {@link #notice} may be called
 * by any thread, the others by one at a time.
 */
final class LocalRoutes {

  /** The loopback device is the first of every network namespace (LOOPBACK_IFINDEX). */
  private static final int LOOPBACK = 1;

  private static final RouteFilter OURS =
      RouteFilter.ALL
          .withTable(Route.TABLE_LOCAL)
          .withProtocol(Route.PROTOCOL_FAIRLEAD)
          .withOutput(LOOPBACK);

  private final RouteKernel kernel;

  /** Also those that are somebody else's, whose place we do not take. */
  private final Map<Cidr, Route> committed = new ConcurrentHashMap<>();

  /** Families that the kernel does not speak here. */
  private final Set<AddressFamily> unavailable = EnumSet.noneOf(AddressFamily.class);

  /** What somebody else touched, and how it is repaired. */
  private final Map<Cidr, Verb> disturbed = new ConcurrentHashMap<>();

  LocalRoutes(RouteKernel kernel) {
    this.kernel = kernel;
  }

  /** Makes a prefix the node's own, for packets that come from {@code source} unless told. */
  static Route route(Cidr destination, @Nullable IpAddress source) {
    Route route =
        Route.to(destination)
            .withTable(Route.TABLE_LOCAL)
            .withType(Route.TYPE_LOCAL)
            .withScope(
                destination.family() == AddressFamily.IPV4
                    ? Route.SCOPE_HOST
                    : Route.SCOPE_UNIVERSE)
            .dev(LOOPBACK);
    return source == null ? route : route.withSource(source);
  }

  /** Whether the event tells of somebody else's hand on one of our routes. */
  boolean notice(RouteEvent event) {
    RouteObject object =
        switch (event) {
          case RouteEvent.Changed(RouteObject changed) -> changed;
          case RouteEvent.Deleted(RouteObject deleted) -> deleted;
          case RouteEvent.Overrun() -> null;
        };
    if (!(object instanceof Route route) || route.table() != Route.TABLE_LOCAL) {
      return false;
    }
    Route ours = committed.get(route.destination());
    if (ours == null) {
      return false;
    }
    if (event instanceof RouteEvent.Deleted) {
      // Whosever it was: if it was not ours it may have been in our place. Never by replacing,
      // since
      // the place may be somebody else's now.
      disturbed.put(route.destination(), Verb.ADD);
      return true;
    }
    if (OURS.matches(route) && ours.isSamePlace(route) && !ours.equals(route)) {
      disturbed.put(route.destination(), Verb.REPLACE);
      return true;
    }
    return false;
  }

  boolean isDisturbed() {
    return !disturbed.isEmpty();
  }

  /** The destinations that somebody else touched. */
  Set<Cidr> disturbed() {
    return Set.copyOf(disturbed.keySet());
  }

  /** The destinations that have a route of ours in the kernel. */
  Set<Cidr> present() throws IOException {
    Set<Cidr> destinations = new HashSet<>();
    kernel.routes(OURS).forEach(route -> destinations.add(route.destination()));
    return destinations;
  }

  /** What makes an address the node's own. */
  KernelObject evidence(IpAddress address, Route route) throws IOException {
    RouteAnswer answer = kernel.lookup(RouteLookup.to(address).matchingRoute());
    String place = "table local";
    return switch (answer) {
      case RouteAnswer.Leads(Route found) when found.equals(route) ->
          KernelObject.present(place, text(found));
      // A wider one is what is left when ours is gone.
      case RouteAnswer.Leads(Route found) when found.table() == Route.TABLE_LOCAL ->
          Alignment.different(place, text(found), text(route));
      case RouteAnswer.Leads _, RouteAnswer.Refuses _ -> KernelObject.missing(place, text(route));
    };
  }

  /** As ip shows the table. */
  private static String text(Route route) {
    return route
        .toString()
        .substring("route ".length())
        .replace(" dev " + LOOPBACK + " ", " dev lo ")
        .replace(" table " + Route.TABLE_LOCAL, "")
        .replace(" scope " + Route.SCOPE_HOST, " scope host");
  }

  /** Why routes of a family cannot be made, as sentences. */
  List<String> problems() {
    return unavailable.stream()
        .sorted()
        .map(family ->
            family.kubernetesName()
                + " is switched off on this node, so its Services have no address here;"
                + " see net.ipv6.conf.lo.disable_ipv6")
        .toList();
  }

  /** One request to the kernel. */
  private enum Verb {
    ADD,
    REPLACE,
    DELETE
  }

  private record Step(Verb verb, Route route) {

    RouteOperation operation() {
      return switch (verb) {
        case ADD -> new RouteOperation.Add(route);
        case REPLACE -> new RouteOperation.Replace(route);
        case DELETE -> new RouteOperation.Delete(route);
      };
    }
  }

  /**
   * Brings some destinations to what is wanted.
   *
   * @param wanted the routes by destination; null for none
   */
  List<String> apply(Map<Cidr, @Nullable Route> wanted) throws IOException {
    List<Step> steps = new ArrayList<>();
    List<Step> removals = new ArrayList<>();
    wanted.forEach((destination, route) -> {
      Verb repair = disturbed.remove(destination);
      Route known = committed.get(destination);
      if (route == null) {
        if (known != null) {
          removals.add(new Step(Verb.DELETE, known));
        }
      } else if (known == null) {
        steps.add(new Step(Verb.ADD, route));
      } else if (!known.equals(route)) {
        steps.add(new Step(Verb.REPLACE, route));
      } else if (repair != null) {
        steps.add(new Step(repair, route));
      }
    });
    steps.addAll(removals);
    return send(steps);
  }

  /** Compares all our routes in the kernel with what is wanted, and changes what differs. */
  List<String> synchronize(Map<Cidr, Route> wanted) throws IOException {
    disturbed.clear();
    unavailable.clear();
    Map<Cidr, Route> present = new HashMap<>();
    List<Step> removals = new ArrayList<>();
    for (Route route : kernel.routes(OURS)) {
      Route expected = wanted.get(route.destination());
      if (expected != null && expected.isSamePlace(route)) {
        present.put(route.destination(), route);
      } else {
        removals.add(new Step(Verb.DELETE, route));
      }
    }
    List<Step> steps = new ArrayList<>();
    wanted.forEach((destination, route) -> {
      Route there = present.get(destination);
      if (there == null) {
        steps.add(new Step(Verb.ADD, route));
      } else if (!there.equals(route)) {
        steps.add(new Step(Verb.REPLACE, route));
      }
    });
    steps.addAll(removals);
    committed.clear();
    committed.putAll(present);
    return send(steps);
  }

  /** What was recorded, without what the kernel would refuse and that is no harm. */
  Comparison compare(RecordingRoutes recording) throws IOException {
    List<Route> all = recording.routes(RouteFilter.ALL.withTable(Route.TABLE_LOCAL));
    var _ = recording.link(LOOPBACK); // For its name.
    return RouteComparison.of(
        recording,
        new RouteComparison.Ours() {
          @Override
          public boolean entry(RouteEntry entry) {
            return entry instanceof Route route && OURS.matches(route);
          }

          @Override
          public List<Link> links() {
            return List.of();
          }

          @Override
          public boolean concerns(RouteOperation operation) {
            return !(operation instanceof RouteOperation.Add(RouteEntry entry))
                || !(entry instanceof Route route)
                || !(unavailable.contains(route.family())
                    || all.stream().anyMatch(other -> other.isSamePlace(route)));
          }
        });
  }

  private List<String> send(List<Step> steps) throws IOException {
    Map<RouteOperation, Step> operations = new LinkedHashMap<>();
    for (Step step : steps) {
      operations.put(step.operation(), step);
      // Known before the kernel is asked, so that the events of our own changes are recognised.
      if (step.verb() == Verb.DELETE) {
        committed.remove(step.route().destination());
      } else {
        committed.put(step.route().destination(), step.route());
      }
    }
    List<NetlinkException> refused = new ArrayList<>();
    for (RouteKernel.Failure failure : kernel.apply(List.copyOf(operations.keySet()))) {
      Step step = Objects.requireNonNull(operations.remove(failure.operation()));
      if (!isHarmless(step, failure.cause())) {
        refused.add(failure.cause());
      }
    }
    if (!refused.isEmpty()) {
      NetlinkException first = refused.getFirst();
      refused.stream().skip(1).forEach(first::addSuppressed);
      throw first;
    }
    return operations.keySet().stream().map(Object::toString).toList();
  }

  /**
   * An address that somebody else made the node's own is just what it should be, a route that is
   * gone needs no removal, and a family that is switched off has no packets.
   */
  private boolean isHarmless(Step step, NetlinkException cause) {
    boolean off = step.route().family() == AddressFamily.IPV6 && isOff(cause.errno());
    if (off) {
      unavailable.add(step.route().family());
    }
    return off
        || switch (step.verb()) {
          case ADD -> cause.isExisting();
          case REPLACE -> false;
          case DELETE -> cause.isNotFound();
        };
  }

  /** What a kernel without IPv6 answers, and one that has it disabled on the loopback device. */
  private static boolean isOff(int errno) {
    return errno == Errno.EOPNOTSUPP || errno == Errno.EAFNOSUPPORT || errno == Errno.EACCES;
  }
}
