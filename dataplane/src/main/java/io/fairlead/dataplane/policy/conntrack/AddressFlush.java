package io.fairlead.dataplane.policy.conntrack;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.conntrack.ConntrackKernel;
import io.fairlead.dataplane.netlink.conntrack.ConntrackSocket;
import io.fairlead.dataplane.netlink.conntrack.ForgettingPass;
import io.fairlead.dataplane.netlink.route.RouteSocket;
import java.io.IOException;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Sees to it that an address's next owner inherits no connection: what was allowed of the last
 * one's is not allowed of the next one's. The kernel forgets an address's connections when its
 * owner leaves, so that the next one rarely has to wait: reading the kernel's table takes tens of
 * milliseconds, however empty it is. Between two owners the address must be shut in, or connections
 * could begin at once. Thread-safe.
 */
public final class AddressFlush implements AutoCloseable {

  /**
   * Owners that leave within this time are one pass: a node that loses its pods one by one would
   * else read the table all the time.
   */
  private static final long GATHERING_MILLISECONDS = 100;

  /** Held while the kernel is asked. Whoever holds it may take this object's monitor as well. */
  private final ReentrantLock kernelLock = new ReentrantLock();

  private final ConntrackKernel kernel;
  private final OwnAddresses own;
  private final Runnable sockets;
  private final Consumer<IOException> failures;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("address-flush").factory());

  /** Where an address that is not {@link #used} has no connections; nowhere before begin. */
  private List<Cidr> networks = List.of();

  /** Addresses that may have connections, of owners or former ones. */
  private final Set<IpAddress> used = new HashSet<>();

  /** Addresses whose owners left. */
  private final Set<IpAddress> left = new HashSet<>();

  /** Whether a pass will begin that finds all that {@link #left}. */
  private boolean gathering;

  /** Addresses whose next owners wait. */
  private final Set<IpAddress> awaited = new HashSet<>();

  AddressFlush(
      ConntrackKernel kernel, OwnAddresses own, Runnable sockets, Consumer<IOException> failures) {
    this.kernel = kernel;
    this.own = own;
    this.sockets = sockets;
    this.failures = failures;
  }

  /**
   * Opens sockets of its own in the calling thread's network namespace.
   *
   * @param failures told, on a thread of this object, why connections are left until their address
   *     has a new owner
   * @throws IOException naming the kernel module or the capability that is missing
   */
  public static AddressFlush open(Consumer<IOException> failures) throws IOException {
    ConntrackSocket flows = ConntrackSocket.open();
    try {
      RouteSocket routes = RouteSocket.open();
      return new AddressFlush(
          flows,
          OwnAddresses.of(routes),
          () -> {
            flows.close();
            routes.close();
          },
          failures);
    } catch (IOException e) {
      flows.close();
      throw e;
    }
  }

  /**
   * Forgets connections of addresses that nobody holds: their owners left while no agent ran. Call
   * it once, when the kernel shuts in whoever is not let in.
   *
   * @param pods where pods of this node have their addresses
   * @param held those that pods have now
   * @throws IOException if some may be left; then each next owner waits for its address
   */
  public void begin(List<Cidr> pods, Collection<IpAddress> held) throws IOException {
    kernelLock.lock();
    try {
      Set<IpAddress> others = new HashSet<>(own.now());
      synchronized (this) {
        used.addAll(held);
        others.addAll(used);
      }
      forget(InvolvedEntries.ofAll(address -> !others.contains(address) && isIn(address, pods)));
      synchronized (this) {
        networks = List.copyOf(pods);
      }
    } finally {
      kernelLock.unlock();
    }
  }

  private void forget(InvolvedEntries involved) throws IOException {
    var _ = ForgettingPass.run(kernel, involved.filters(kernel.count()), involved::contains);
  }

  private static boolean isIn(IpAddress address, List<Cidr> networks) {
    return networks.stream().anyMatch(network -> network.contains(address));
  }

  /**
   * Returns when the addresses have no connections of former owners. Call it before somebody may
   * use them.
   *
   * @throws IOException if some may be left
   */
  public void occupy(Collection<IpAddress> addresses) throws IOException {
    Set<IpAddress> unclean = new HashSet<>();
    synchronized (this) {
      for (IpAddress address : addresses) {
        left.remove(address);
        if (!used.add(address) || !isIn(address, networks)) {
          unclean.add(address);
        }
      }
      awaited.addAll(unclean);
    }
    if (unclean.isEmpty()) {
      return;
    }
    kernelLock.lock();
    try {
      forgetAwaited(unclean);
    } catch (IOException e) {
      throw new IOException(
          "connections of former owners of " + addresses + " may be left: " + e.getMessage(), e);
    } finally {
      kernelLock.unlock();
    }
  }

  /** Unless another caller has done it meanwhile. */
  private void forgetAwaited(Set<IpAddress> mine) throws IOException {
    Set<IpAddress> all;
    synchronized (this) {
      all = Set.copyOf(awaited);
    }
    if (!Collections.disjoint(all, mine)) {
      forget(InvolvedEntries.of(all));
      synchronized (this) {
        awaited.removeAll(all);
      }
    }
  }

  /** Has the connections of addresses forgotten soon that nobody may use any more. */
  public void release(Collection<IpAddress> addresses) {
    synchronized (this) {
      left.addAll(addresses);
      if (gathering) {
        return;
      }
      gathering = true;
    }
    var _ = thread.schedule(this::forgetLeft, GATHERING_MILLISECONDS, TimeUnit.MILLISECONDS);
  }

  private void forgetLeft() {
    kernelLock.lock();
    try {
      Set<IpAddress> all;
      synchronized (this) {
        gathering = false;
        all = Set.copyOf(left);
      }
      if (all.isEmpty()) {
        return;
      }
      forget(InvolvedEntries.of(all));
      synchronized (this) {
        // An address that is gone from here has a next owner, who waits for the lock.
        Set<IpAddress> clean = new HashSet<>(all);
        clean.retainAll(left);
        left.removeAll(clean);
        used.removeAll(clean);
      }
    } catch (IOException e) {
      failures.accept(e);
    } finally {
      kernelLock.unlock();
    }
  }

  /** Ends after what it is at; what waits is found by the next agent's {@link #begin}. */
  @Override
  public void close() {
    thread.shutdownNow();
    thread.close();
    sockets.run();
  }
}
