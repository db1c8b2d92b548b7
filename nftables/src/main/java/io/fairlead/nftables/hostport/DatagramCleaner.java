package io.fairlead.nftables.hostport;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.conntrack.ConntrackKernel;
import io.fairlead.dataplane.netlink.conntrack.ConntrackSocket;
import io.fairlead.dataplane.netlink.conntrack.ForgettingPass;
import io.fairlead.dataplane.netlink.route.LinkAddress;
import io.fairlead.dataplane.netlink.route.RouteKernel;
import io.fairlead.dataplane.netlink.route.RouteSocket;
import io.fairlead.dataplane.table.RepeatingThread;
import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Makes the kernel forget UDP flows that a change of host ports made stale, on a thread of its own:
 * reading the kernel's table of flows takes tens of milliseconds. What changes while it is busy is
 * done in its next pass together. Thread-safe.
 */
public final class DatagramCleaner implements PortChangeListener, AutoCloseable {

  private final ConntrackKernel flows;
  private final RouteKernel routes;
  private final RepeatingThread thread;
  private Set<PortForward> removed = new HashSet<>();
  private Set<PortForward> added = new HashSet<>();

  private DatagramCleaner(
      ConntrackKernel flows, RouteKernel routes, Consumer<IOException> failures) {
    this.flows = flows;
    this.routes = routes;
    this.thread = RepeatingThread.start("host-port-flows", this::pass, failures);
  }

  /**
   * Opens sockets of its own in the calling thread's network namespace.
   *
   * @param failures told, on the cleaner's thread, of each pass that failed; it is tried again
   * @throws IOException naming the kernel module or the capability that is missing
   */
  public static DatagramCleaner open(Consumer<IOException> failures) throws IOException {
    ConntrackSocket flows = ConntrackSocket.open();
    try {
      return new DatagramCleaner(flows, RouteSocket.open(), failures);
    } catch (IOException e) {
      flows.close();
      throw e;
    }
  }

  @Override
  public void changed(Collection<PortForward> gone, Collection<PortForward> fresh) {
    List<PortForward> datagramsGone = gone.stream().filter(StaleDatagrams::isDatagram).toList();
    List<PortForward> datagramsFresh = fresh.stream().filter(StaleDatagrams::isDatagram).toList();
    if (datagramsGone.isEmpty() && datagramsFresh.isEmpty()) {
      return;
    }
    synchronized (this) {
      removed.addAll(datagramsGone);
      added.addAll(datagramsFresh);
      added.removeAll(datagramsGone);
    }
    thread.signal();
  }

  private void pass() throws IOException {
    Set<PortForward> gone;
    Set<PortForward> fresh;
    synchronized (this) {
      gone = removed;
      fresh = added;
      removed = new HashSet<>();
      added = new HashSet<>();
    }
    try {
      Set<IpAddress> own = new HashSet<>();
      if (!fresh.isEmpty()) {
        for (LinkAddress address : routes.addresses(0)) {
          own.add(address.address());
        }
      }
      delete(flows, new StaleDatagrams(gone, fresh, own));
    } catch (IOException | RuntimeException e) {
      synchronized (this) {
        fresh.removeAll(removed);
        removed.addAll(gone);
        added.addAll(fresh);
      }
      throw e;
    }
  }

  /** Deletes the stale flows, and no others. */
  static void delete(ConntrackKernel flows, StaleDatagrams stale) throws IOException {
    var _ = ForgettingPass.run(flows, stale.filters(), stale::contains);
  }

  /** Ends after the present pass; what waits stays until its clients are silent for a while. */
  @Override
  public void close() {
    thread.close();
    flows.close();
    routes.close();
  }
}
