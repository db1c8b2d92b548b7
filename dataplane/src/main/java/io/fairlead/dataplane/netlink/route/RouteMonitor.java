package io.fairlead.dataplane.netlink.route;

import static io.fairlead.dataplane.netlink.NetlinkConstants.NETLINK_ROUTE;
import static io.fairlead.dataplane.netlink.route.RouteConstants.*;

import io.fairlead.dataplane.netlink.NetlinkMessage;
import io.fairlead.dataplane.netlink.NetlinkMonitor;
import io.fairlead.dataplane.sys.SystemCallException;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells of each change to links, addresses, routes, rules, neighbours and forwarding entries of one
 * network namespace, whoever makes it: ourselves too. Thread-safe.
 */
public final class RouteMonitor implements AutoCloseable {

  private final NetlinkMonitor monitor;

  private RouteMonitor(NetlinkMonitor monitor) {
    this.monitor = monitor;
  }

  /**
   * Starts in the calling thread's network namespace. From the moment this returns no change goes
   * unnoticed.
   *
   * @param events called on the monitor's thread, in the kernel's order; it must not block for long
   * @param problems told of messages that were not understood, and of the monitor's end if its
   *     socket fails
   */
  public static RouteMonitor start(Consumer<RouteEvent> events, Consumer<IOException> problems)
      throws SystemCallException {
    return startWithPorts((event, _) -> events.accept(event), problems);
  }

  /** Takes an event together with the number of the socket that caused it. */
  @FunctionalInterface
  public interface PortedEvents {

    /**
     * Something changed.
     *
     * @param port 0 if the kernel did it itself, or does not say who
     */
    void accept(RouteEvent event, int port);
  }

  /** As {@link #start}, with who did it. */
  public static RouteMonitor startWithPorts(PortedEvents events, Consumer<IOException> problems)
      throws SystemCallException {
    NetlinkMonitor.Listener listener =
        new NetlinkMonitor.Listener() {
          @Override
          public void message(NetlinkMessage message) throws IOException {
            RouteEvent event = decode(message);
            if (event != null) {
              events.accept(event, message.port());
            }
          }

          @Override
          public void overrun() {
            events.accept(new RouteEvent.Overrun(), 0);
          }

          @Override
          public void problem(IOException cause) {
            problems.accept(cause);
          }
        };
    return new RouteMonitor(
        NetlinkMonitor.start(
            "route-monitor",
            NETLINK_ROUTE,
            listener,
            RTNLGRP_LINK,
            RTNLGRP_NEIGH,
            RTNLGRP_IPV4_IFADDR,
            RTNLGRP_IPV4_ROUTE,
            RTNLGRP_IPV4_RULE,
            RTNLGRP_IPV6_IFADDR,
            RTNLGRP_IPV6_ROUTE,
            RTNLGRP_IPV6_RULE));
  }

  /** The event that a message tells of, or null if it is about nothing known here. */
  static @Nullable RouteEvent decode(NetlinkMessage message) throws IOException {
    RouteObject object =
        switch (message.type()) {
          case RTM_NEWLINK, RTM_DELLINK -> LinkCodec.decode(message);
          case RTM_NEWADDR, RTM_DELADDR -> LinkAddressCodec.decode(message);
          case RTM_NEWROUTE, RTM_DELROUTE -> RouteCodec.decode(message);
          case RTM_NEWRULE, RTM_DELRULE -> RoutingRuleCodec.decode(message);
          case RTM_NEWNEIGH, RTM_DELNEIGH -> NeighbourCodec.decode(message);
          default -> null;
        };
    message.requireWellFormed();
    if (object == null) {
      return null;
    }
    // Among message types of one object, RTM_NEW is the multiple of four, RTM_DEL follows it.
    return message.type() % 4 == 0
        ? new RouteEvent.Changed(object)
        : new RouteEvent.Deleted(object);
  }

  @Override
  public void close() {
    monitor.close();
  }
}
