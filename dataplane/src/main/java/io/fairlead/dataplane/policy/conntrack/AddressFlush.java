package io.fairlead.dataplane.policy.conntrack;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.conntrack.ConntrackEntry;
import io.fairlead.dataplane.netlink.conntrack.ConntrackFilter;
import io.fairlead.dataplane.netlink.conntrack.ConntrackKernel;
import io.fairlead.dataplane.netlink.conntrack.ConntrackSocket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Makes the kernel forget all connections of an address, so that its next owner inherits none: what
 * was allowed of the last one's is not allowed of the next one's. Callers that come while it is
 * busy share the next pass. Thread-safe.
 */
public final class AddressFlush implements AutoCloseable {

  private static final int MOST_AT_ONCE = 4096;

  /** What callers that wait together wait for. Guarded by {@link AddressFlush#lock} once taken. */
  private static final class Batch {
    private final Set<IpAddress> addresses = new HashSet<>();
    private boolean done;
    private @Nullable IOException failure;
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Object gate = new Object();
  private final ConntrackKernel kernel;
  private Batch coming = new Batch();

  /** Takes over {@code kernel}. */
  AddressFlush(ConntrackKernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Opens a socket in the calling thread's network namespace.
   *
   * @throws IOException naming the kernel module or the capability that is missing
   */
  public static AddressFlush open() throws IOException {
    return new AddressFlush(ConntrackSocket.open());
  }

  /**
   * Forgets the connections that have one of {@code addresses} at any end, and returns when none is
   * left. Call it while the kernel lets nobody use them, or there may be others at once.
   *
   * @throws IOException if some may be left
   */
  public void forget(Collection<IpAddress> addresses) throws IOException {
    if (addresses.isEmpty()) {
      return;
    }
    Batch batch;
    synchronized (gate) {
      batch = coming;
      batch.addresses.addAll(addresses);
    }
    lock.lock();
    try {
      if (!batch.done) {
        synchronized (gate) {
          coming = new Batch();
        }
        run(batch);
      }
      if (batch.failure != null) {
        throw new IOException(
            "the connections of " + addresses + " are not forgotten: " + batch.failure.getMessage(),
            batch.failure);
      }
    } finally {
      lock.unlock();
    }
  }

  private void run(Batch batch) {
    try {
      InvolvedEntries involved = new InvolvedEntries(batch.addresses);
      for (ConntrackFilter filter : involved.filters()) {
        while (forgetSome(filter, involved)) {}
      }
    } catch (IOException e) {
      batch.failure = e;
    } finally {
      batch.done = true;
    }
  }

  /** Whether there may be more. */
  private boolean forgetSome(ConntrackFilter filter, InvolvedEntries involved) throws IOException {
    List<ConntrackEntry> found = new ArrayList<>();
    kernel.dump(
        filter,
        entry -> {
          if (found.size() < MOST_AT_ONCE && involved.contains(entry)) {
            found.add(entry);
          }
        });
    int gone = found.isEmpty() ? 0 : kernel.delete(found);
    return found.size() == MOST_AT_ONCE && gone > 0;
  }

  @Override
  public void close() {
    lock.lock();
    try {
      kernel.close();
    } finally {
      lock.unlock();
    }
  }
}
