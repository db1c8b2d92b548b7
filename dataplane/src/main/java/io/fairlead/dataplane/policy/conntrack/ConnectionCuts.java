package io.fairlead.dataplane.policy.conntrack;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.conntrack.ConntrackKernel;
import io.fairlead.dataplane.netlink.conntrack.ConntrackSocket;
import io.fairlead.dataplane.netlink.route.RouteSocket;
import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Makes an end of connections that policies deny by now, on a thread of its own: the kernel lets
 * pass whatever belongs to a connection that it knows, so it has to forget it. What arrives while
 * it is busy is done in its next pass together. A pass that fails is tried again with what has
 * arrived since. {@link #judgeAgain} may be called from any thread and never waits for the kernel.
 */
public final class ConnectionCuts implements AutoCloseable {

  /** Told of every pass, on this thread. */
  public interface Listener {

    /** A pass ended well. */
    void passed(CutReport report);

    /** A pass failed and is tried again. */
    void failed(IOException cause);
  }

  private static final long FIRST_DELAY = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LONGEST_DELAY = TimeUnit.SECONDS.toNanos(30);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ConntrackKernel flows;
  private final OwnAddresses own;
  private final FlowJudge judge;
  private final CutAnswers answers;
  private final Runnable sockets;
  private final Listener listener;
  private final Thread thread;
  private Set<IpAddress> waiting = new HashSet<>();

  /** Whether something may be allowed that was not. */
  private boolean widened;

  private boolean closed;

  /**
   * Whether answers may be refused, perhaps since an earlier agent's time. Set by this thread, and
   * before it asks for the judgements by which they are.
   */
  private volatile boolean mayRefuse = true;

  private ConnectionCuts(
      ConntrackKernel flows,
      OwnAddresses own,
      FlowJudge judge,
      CutAnswers answers,
      Runnable sockets,
      Listener listener) {
    this.flows = flows;
    this.own = own;
    this.judge = judge;
    this.answers = answers;
    this.sockets = sockets;
    this.listener = listener;
    this.thread = Thread.ofPlatform().daemon().name("connection-cuts").unstarted(this::loop);
  }

  /**
   * Opens sockets of its own in the calling thread's network namespace, and starts.
   *
   * @param answers for this object's thread
   * @throws IOException naming the kernel module or the capability that is missing
   */
  public static ConnectionCuts open(FlowJudge judge, CutAnswers answers, Listener listener)
      throws IOException {
    ConntrackSocket flows = ConntrackSocket.open();
    try {
      RouteSocket routes = RouteSocket.open();
      return start(
          flows,
          OwnAddresses.of(routes),
          judge,
          answers,
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

  static ConnectionCuts start(
      ConntrackKernel flows,
      OwnAddresses own,
      FlowJudge judge,
      CutAnswers answers,
      Runnable sockets,
      Listener listener) {
    ConnectionCuts cuts = new ConnectionCuts(flows, own, judge, answers, sockets, listener);
    cuts.thread.start();
    return cuts;
  }

  /**
   * Has the connections of some addresses judged again soon. Call it once the kernel denies new
   * ones, or they would begin anew.
   *
   * @param addresses those of an EnforcementChange that are narrowed or departed
   */
  public void judgeAgain(Collection<IpAddress> addresses) {
    if (addresses.isEmpty()) {
      return;
    }
    lock.lock();
    try {
      waiting.addAll(addresses);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Has answers of cut connections pass again soon, if policies allow these by now. Call it once
   * the kernel allows new ones, on the thread that judges; it wakes nobody where nothing was cut
   * lately.
   */
  public void allowAgain() {
    if (!mayRefuse) {
      return; // What is refused from now on is judged by what is allowed already.
    }
    lock.lock();
    try {
      widened = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Addresses that wait for a pass. */
  public int waiting() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /** What one pass is for. */
  private record Work(Set<IpAddress> addresses, boolean widened) {}

  private void loop() {
    long delay = 0;
    long retry = 0;
    try {
      for (Work batch = take(delay); batch != null; batch = take(delay)) {
        long begin = System.nanoTime();
        if (pass(batch)) {
          retry = 0;
          // However often policies change, reading the kernel's table takes half of the time at
          // most.
          delay = System.nanoTime() - begin;
        } else {
          retry = Math.min(LONGEST_DELAY, Math.max(FIRST_DELAY, 2 * retry));
          delay = retry;
        }
      }
    } catch (InterruptedException e) {
      // Closed while it waited for a judgement.
      Thread.currentThread().interrupt();
    }
  }

  /** Whether nothing failed; what did waits again. */
  private boolean pass(Work batch) {
    try {
      if (!batch.addresses().isEmpty()) {
        cut(batch.addresses());
      }
      if (batch.widened() && mayRefuse) {
        mayRefuse = LiftPass.run(answers, judge, own.now());
      }
      return true;
    } catch (IOException | RuntimeException e) {
      if (!Thread.currentThread().isInterrupted()) {
        judgeAgain(batch.addresses());
        if (batch.widened()) {
          allowAgain();
        }
        listener.failed(
            e instanceof IOException refusal ? refusal : new IOException("unexpectedly: " + e, e));
      }
      return false;
    }
  }

  private void cut(Set<IpAddress> addresses) throws IOException {
    long begin = System.nanoTime();
    CutPass pass = new CutPass(flows, judge, answers, own.now(), addresses);
    mayRefuse = true;
    int cut = pass.run();
    listener.passed(new CutReport(addresses.size(), pass.judged(), cut, System.nanoTime() - begin));
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
      while (!closed && waiting.isEmpty() && !widened) {
        changed.await();
      }
      if (closed) {
        return null;
      }
      Work batch = new Work(waiting, widened);
      waiting = new HashSet<>();
      widened = false;
      return batch;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends at once, even in the middle of a pass: the judging thread may be the one that calls this.
   * Connections that wait stay until the next start judges all.
   */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    thread.interrupt();
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    sockets.run();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
