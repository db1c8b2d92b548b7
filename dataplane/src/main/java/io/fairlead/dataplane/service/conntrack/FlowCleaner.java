package io.fairlead.dataplane.service.conntrack;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.netlink.conntrack.ConntrackKernel;
import io.fairlead.dataplane.netlink.conntrack.ConntrackSocket;
import io.fairlead.dataplane.netlink.route.RouteSocket;
import io.fairlead.dataplane.service.EndpointAddress;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.ServiceSettings;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes the kernel forget stale flows, on a thread of its own. What arrives while it is busy is
 * done in its next pass together; of one frontend only the latest state waits, so that the queue is
 * never longer than the list of frontends. A pass that fails is tried again with what has arrived
 * since. {@link #clean} and {@link #forgetStrayed} may be called from any thread and never wait for
 * the kernel.
 */
public final class FlowCleaner implements AutoCloseable {

  /** Told of every pass, on the cleaner's thread. */
  public interface Listener {

    /** A pass ended well. */
    void cleaned(int frontends, int deleted, long nanoseconds);

    /** A pass failed and is tried again. */
    void failed(IOException cause);
  }

  private static final long FIRST_DELAY = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LONGEST_DELAY = TimeUnit.SECONDS.toNanos(30);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final FlowCleanup cleanup;
  private final StrayedFlows strayed;
  private final Runnable sockets;
  private final Listener listener;
  private final Thread thread;
  private Map<FrontendAddress, Set<EndpointAddress>> waiting = new HashMap<>();

  /** Whether flows may have taken a way that was not theirs. */
  private boolean mayStray;

  private boolean closed;

  private FlowCleaner(
      FlowCleanup cleanup, StrayedFlows strayed, Runnable sockets, Listener listener) {
    this.cleanup = cleanup;
    this.strayed = strayed;
    this.sockets = sockets;
    this.listener = listener;
    this.thread = Thread.ofPlatform().daemon().name("conntrack").unstarted(this::loop);
  }

  /**
   * Opens sockets of its own in the calling thread's network namespace, and starts.
   *
   * @param settings asked at each pass that concerns node ports
   * @param pods where any node's pods have their addresses; asked on this object's thread
   * @throws IOException naming the kernel module or the capability that is missing
   */
  public static FlowCleaner open(
      Supplier<ServiceSettings> settings, Supplier<List<Cidr>> pods, Listener listener)
      throws IOException {
    ConntrackSocket flows = ConntrackSocket.open();
    try {
      RouteSocket routes = RouteSocket.open();
      return start(
          flows,
          NodePortAddresses.of(routes, settings),
          new StrayedFlows(flows, routes, pods),
          () -> {
            flows.close();
            routes.close();
          },
          listener);
    } catch (IOException e) {
      flows.close();
      throw e;
    }
  }

  static FlowCleaner start(
      ConntrackKernel flows,
      NodePortAddresses addresses,
      StrayedFlows strayed,
      Runnable sockets,
      Listener listener) {
    FlowCleaner cleaner =
        new FlowCleaner(new FlowCleanup(flows, addresses), strayed, sockets, listener);
    cleaner.thread.start();
    return cleaner;
  }

  /**
   * Has the stale flows of some frontends deleted soon.
   *
   * @param frontends each with what serves it now, as {@link FlowChanges#take} or {@link
   *     FlowChanges#all} tells
   */
  public void clean(Map<FrontendAddress, Set<EndpointAddress>> frontends) {
    if (frontends.isEmpty()) {
      return;
    }
    lock.lock();
    try {
      waiting.putAll(frontends);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Has flows deleted soon that were masqueraded on a way that was not theirs. To be called once
   * links and routes to pods are there again that somebody else had taken away.
   */
  public void forgetStrayed() {
    lock.lock();
    try {
      mayStray = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Frontends that wait for a pass. */
  public int waiting() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /** What one pass is for. */
  private record Work(Map<FrontendAddress, Set<EndpointAddress>> frontends, boolean strayed) {}

  private void loop() {
    long delay = 0;
    try {
      for (Work batch = take(delay); batch != null; batch = take(delay)) {
        delay = pass(batch) ? 0 : Math.min(LONGEST_DELAY, Math.max(FIRST_DELAY, 2 * delay));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether nothing failed; what did waits again unless it has changed meanwhile. */
  private boolean pass(Work batch) {
    long begin = System.nanoTime();
    try {
      int deleted = cleanup.run(batch.frontends()) + (batch.strayed() ? strayed.forget() : 0);
      listener.cleaned(batch.frontends().size(), deleted, System.nanoTime() - begin);
      return true;
    } catch (IOException | RuntimeException e) {
      lock.lock();
      try {
        batch.frontends().forEach(waiting::putIfAbsent);
        mayStray |= batch.strayed();
      } finally {
        lock.unlock();
      }
      listener.failed(
          e instanceof IOException refusal ? refusal : new IOException("unexpectedly: " + e, e));
      return false;
    }
  }

  /**
   * What waits, once there is something and the delay is over; null once this is closed.
   *
   * @param delay in nanoseconds, not shortened by what arrives
   */
  private @Nullable Work take(long delay) throws InterruptedException {
    lock.lock();
    try {
      long left = delay;
      while (!closed && left > 0) {
        left = changed.awaitNanos(left);
      }
      while (!closed && waiting.isEmpty() && !mayStray) {
        changed.await();
      }
      if (closed) {
        return null;
      }
      Work batch = new Work(waiting, mayStray);
      waiting = new HashMap<>();
      mayStray = false;
      return batch;
    } finally {
      lock.unlock();
    }
  }

  /** Ends after the present pass; flows that wait stay until the next start finds them. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
    try {
      thread.join();
      sockets.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
