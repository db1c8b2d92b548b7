package io.fairlead.agent.subsystem.observe;

import io.fairlead.agent.server.MonitorReport;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.NetlinkConstants;
import io.fairlead.dataplane.netlink.route.ForwardingEntry;
import io.fairlead.dataplane.netlink.route.Link;
import io.fairlead.dataplane.netlink.route.LinkAddress;
import io.fairlead.dataplane.netlink.route.Neighbour;
import io.fairlead.dataplane.netlink.route.Route;
import io.fairlead.dataplane.netlink.route.RouteEntry;
import io.fairlead.dataplane.netlink.route.RouteEvent;
import io.fairlead.dataplane.netlink.route.RouteMonitor;
import io.fairlead.dataplane.netlink.route.RouteObject;
import io.fairlead.dataplane.netlink.route.RouteSocket;
import io.fairlead.dataplane.netlink.route.RoutingRule;
import io.fairlead.dataplane.sys.OwnPorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What happens to fairlead's routes, neighbours, forwarding entries and links, and the addresses on
 * them. Lines are made on the reconciling thread.
 */
final class NetworkEvents {

  private static final String ROUTES = "routes";
  private static final String LINKS = "links";

  private final boolean routes;
  private final boolean wantsLinks;
  private final Consumer<Function<ElementNames, List<MonitorReport>>> teller;

  /** By index; used by the monitor's thread only, once it runs. */
  private final Map<Integer, Link> links = new HashMap<>();

  private NetworkEvents(
      boolean routes,
      boolean wantsLinks,
      Consumer<Function<ElementNames, List<MonitorReport>>> teller) {
    this.routes = routes;
    this.wantsLinks = wantsLinks;
    this.teller = teller;
  }

  /**
   * Begins, in the calling thread's network namespace.
   *
   * @param teller has lines made on the reconciling thread, and sends them
   */
  static AutoCloseable open(
      boolean routes, boolean links, Consumer<Function<ElementNames, List<MonitorReport>>> teller)
      throws IOException {
    NetworkEvents events = new NetworkEvents(routes, links, teller);
    try (RouteSocket kernel = RouteSocket.open()) {
      kernel.links().forEach(link -> events.links.put(link.index(), link));
    }
    return RouteMonitor.startWithPorts(events::event, events::problem);
  }

  private void event(RouteEvent event, int port) {
    switch (event) {
      case RouteEvent.Changed(RouteObject object) -> {
        boolean known = object instanceof Link link && links.put(link.index(), link) != null;
        tell(object, known ? "change" : "add", port);
      }
      case RouteEvent.Deleted(RouteObject object) -> {
        tell(object, "delete", port);
        if (object instanceof Link link) {
          links.remove(link.index());
        }
      }
      case RouteEvent.Overrun() -> note("so much changed that events were lost");
    }
  }

  private void tell(RouteObject object, String operation, int port) {
    if (!(object instanceof Link ? wantsLinks : routes) || !isOurs(object)) {
      return;
    }
    String time = Instant.now().toString();
    String text = text(object);
    String by = by(port);
    teller.accept(names ->
        List.of(
            new MonitorReport(
                time,
                object instanceof Link ? LINKS : ROUTES,
                operation,
                text,
                meaning(object, names),
                by)));
  }

  private boolean isOurs(RouteObject object) {
    return switch (object) {
      case Link link -> isOurs(link);
      case Route route ->
          route.protocol() == Route.PROTOCOL_FAIRLEAD || isOurs(links.get(route.outputIndex()));
      case Neighbour neighbour ->
          neighbour.protocol() == Route.PROTOCOL_FAIRLEAD
              || (neighbour.state() == Neighbour.STATE_PERMANENT
                  && isOurs(links.get(neighbour.linkIndex())));
      case ForwardingEntry entry ->
          isOurs(links.get(entry.linkIndex()))
              && (entry.state() & (Neighbour.STATE_PERMANENT | Neighbour.STATE_NOARP)) != 0;
      case LinkAddress address -> isOurs(links.get(address.linkIndex()));
      case RoutingRule _ -> false;
    };
  }

  private static boolean isOurs(@Nullable Link link) {
    return link != null
        && (link.name().startsWith("fairlead") || link.alias().startsWith("fairlead "));
  }

  /** The object with the name of its link in place of the number. */
  private String text(RouteObject object) {
    int index =
        switch (object) {
          case Link _, RoutingRule _ -> 0;
          case Route route -> route.outputIndex();
          case Neighbour neighbour -> neighbour.linkIndex();
          case ForwardingEntry entry -> entry.linkIndex();
          case LinkAddress address -> address.linkIndex();
        };
    Link link = links.get(index);
    String text = object.toString();
    return link == null || object instanceof Link
        ? text
        : text.replaceFirst(" dev " + index + "\\b", " dev " + link.name());
  }

  private String meaning(RouteObject object, ElementNames names) {
    return switch (object) {
      case Link link -> pod(link.alias());
      case RouteEntry entry ->
          switch (entry) {
            case Route route -> names.network(route.destination().toString());
            case Neighbour neighbour -> of(neighbour.address(), names);
            case ForwardingEntry forwarding -> {
              IpAddress end = forwarding.destination();
              yield end == null ? "" : of(end, names);
            }
            case LinkAddress _, RoutingRule _ -> "";
          };
    };
  }

  private static String of(IpAddress address, ElementNames names) {
    return names.element("", address.toString());
  }

  /** The alias of a pod's link ends with the pod. */
  private static String pod(String alias) {
    String last = alias.substring(alias.lastIndexOf(' ') + 1);
    return alias.startsWith("fairlead ") && last.indexOf('/') > 0 ? "pod " + last : "";
  }

  /** A process's first socket has the process's number. */
  private static String by(int port) {
    if (port == 0) {
      return "";
    }
    if (OwnPorts.contains(NetlinkConstants.NETLINK_ROUTE, port)) {
      return MonitorReport.FAIRLEAD;
    }
    try {
      String name = Files.readString(Path.of("/proc/" + port + "/comm")).strip();
      return "process " + port + " (" + name + ")";
    } catch (IOException e) {
      return "socket " + Integer.toUnsignedString(port);
    }
  }

  private void problem(IOException cause) {
    note("events of the network cannot be read: " + cause.getMessage());
  }

  private void note(String sentence) {
    String time = Instant.now().toString();
    teller.accept(_ -> List.of(MonitorReport.note(time, ROUTES, sentence)));
  }
}
