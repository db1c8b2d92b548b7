package io.fairlead.ipvs.address;

import io.fairlead.dataplane.netlink.route.RouteEvent;
import io.fairlead.dataplane.netlink.route.RouteMonitor;
import io.fairlead.dataplane.sys.SystemCallException;
import java.io.IOException;

/** Tells addresses and routes of the kernel's events, on a thread of its own until it is closed. */
public final class AddressWatch implements AutoCloseable {

  private final RouteMonitor monitor;

  private AddressWatch(RouteMonitor monitor) {
    this.monitor = monitor;
  }

  /**
   * Watches in the calling thread's network namespace. Start it before anything is read.
   *
   * @param changed called on the watch's thread when a commit should be made
   */
  public static AddressWatch start(
      NodeAddresses addresses, VirtualAddressRoutes routes, Runnable changed)
      throws SystemCallException {
    return new AddressWatch(
        RouteMonitor.start(
            event -> tell(event, addresses, routes, changed),
            (IOException _) -> tell(new RouteEvent.Overrun(), addresses, routes, changed)));
  }

  private static void tell(
      RouteEvent event, NodeAddresses addresses, VirtualAddressRoutes routes, Runnable changed) {
    boolean news = addresses.notice(event);
    news |= routes.notice(event);
    if (news) {
      changed.run();
    }
  }

  @Override
  public void close() {
    monitor.close();
  }
}
