package io.fairlead.dataplane.netlink;

import io.fairlead.dataplane.netlink.NetlinkMonitor.Listener;
import io.fairlead.dataplane.sys.SystemCallException;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Hands the messages of one socket to several listeners, in the order of their subscription. What
 * one of them throws is that one's problem. It is closed with its last subscription.
 */
final class SharedReceiver implements Listener {

  /** By their topics; guarded by itself. */
  private static final Map<Topic, SharedReceiver> OPEN = new HashMap<>();

  private final CopyOnWriteArrayList<Subscription> subscriptions = new CopyOnWriteArrayList<>();
  private final NetlinkReceiver receiver;

  /**
   * What is received.
   *
   * @param namespace the number of the network namespace, which an open socket keeps from being
   *     another's
   */
  record Topic(long namespace, int protocol, List<Integer> groups) {}

  private SharedReceiver(String name, Topic topic, int receiveBuffer) throws SystemCallException {
    this.receiver =
        NetlinkReceiver.open(name, topic.protocol(), receiveBuffer, this, topic.groups());
  }

  /**
   * Opens a receiver in the calling thread's network namespace, or joins the one there is.
   *
   * @param topic whose namespace is the calling thread's
   * @param receiveBuffer room for bytes of messages that wait, if it is opened
   */
  static Subscription subscribe(String name, Topic topic, int receiveBuffer, Listener listener)
      throws SystemCallException {
    synchronized (OPEN) {
      SharedReceiver present = OPEN.get(topic);
      if (present != null) {
        Subscription subscription = present.add(topic, listener);
        if (!present.receiver.hasFailed()) {
          return subscription; // If it fails from now on, the listener is told.
        }
        present.subscriptions.remove(subscription);
      }
      SharedReceiver opened = new SharedReceiver(name, topic, receiveBuffer);
      OPEN.put(topic, opened);
      return opened.add(topic, listener);
    }
  }

  private Subscription add(Topic topic, Listener listener) {
    Subscription subscription = new Subscription(this, topic, listener);
    subscriptions.add(subscription);
    return subscription;
  }

  /** One listener, until it is closed. */
  static final class Subscription implements AutoCloseable {

    private final SharedReceiver owner;
    private final Topic topic;
    private final Listener listener;
    private boolean closed;

    private Subscription(SharedReceiver owner, Topic topic, Listener listener) {
      this.owner = owner;
      this.topic = topic;
      this.listener = listener;
    }

    /** Waits until the listener is not being called. */
    @Override
    public void close() {
      synchronized (this) {
        closed = true;
      }
      owner.leave(this);
    }

    private synchronized void message(NetlinkMessage message) {
      if (closed) {
        return;
      }
      try {
        listener.message(message);
      } catch (IOException e) {
        listener.problem(e);
      } catch (RuntimeException e) {
        // The others hear of it all the same, and of whatever comes later.
        listener.problem(new IOException("a message was not understood, unexpectedly: " + e, e));
      }
    }

    private synchronized void overrun() {
      if (!closed) {
        listener.overrun();
      }
    }

    private synchronized void problem(IOException cause) {
      if (!closed) {
        listener.problem(cause);
      }
    }
  }

  private void leave(Subscription subscription) {
    boolean last;
    synchronized (OPEN) {
      last = subscriptions.remove(subscription) && subscriptions.isEmpty();
      if (last) {
        OPEN.remove(subscription.topic, this);
      }
    }
    if (last) {
      receiver.close(); // Its thread may be within a listener, so without the lock.
    }
  }

  @Override
  public void message(NetlinkMessage message) {
    subscriptions.forEach(each -> each.message(message));
  }

  @Override
  public void overrun() {
    subscriptions.forEach(Subscription::overrun);
  }

  @Override
  public void problem(IOException cause) {
    subscriptions.forEach(each -> each.problem(cause));
  }
}
