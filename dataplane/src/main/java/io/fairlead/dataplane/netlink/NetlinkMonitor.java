package io.fairlead.dataplane.netlink;

import io.fairlead.dataplane.sys.NetworkNamespace;
import io.fairlead.dataplane.sys.SystemCallException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * Receives the kernel's multicast messages until it is closed. Messages arrive in the kernel's
 * order; when some were dropped the listener is told, and must read the state anew.
 *
 * <p>Monitors of the same groups in the same network namespace share a socket and a thread: each
 * message wakes one thread, however many are interested. So a listener must not block for long.
 */
public final class NetlinkMonitor implements AutoCloseable {

  private static final int RECEIVE_BUFFER = 16 << 20;

  /** Told what happens, by one thread at a time, which is the monitor's. */
  public interface Listener {

    /** A message, valid only during the call. What this throws is passed to {@link #problem}. */
    void message(NetlinkMessage message) throws IOException;

    /** Messages were dropped since the last one. */
    void overrun();

    /** A message could not be understood, or the socket failed for good. */
    void problem(IOException cause);
  }

  private final Runnable end;

  private NetlinkMonitor(Runnable end) {
    this.end = end;
  }

  /**
   * Subscribes in the calling thread's network namespace. From the moment this returns no message
   * goes unnoticed; a few from just before may be heard, too.
   *
   * @param name of the thread, unless there is one already
   * @param groups multicast group numbers (RTNLGRP_, NFNLGRP_ constants)
   */
  public static NetlinkMonitor start(String name, int protocol, Listener listener, int... groups)
      throws SystemCallException {
    List<Integer> wanted = Arrays.stream(groups).boxed().toList();
    try (NetworkNamespace here = NetworkNamespace.current()) {
      SharedReceiver.Topic topic = new SharedReceiver.Topic(here.number(), protocol, wanted);
      SharedReceiver.Subscription subscription =
          SharedReceiver.subscribe(name, topic, RECEIVE_BUFFER, listener);
      return new NetlinkMonitor(subscription::close);
    }
  }

  /** As above, alone on a socket with room for {@code receiveBuffer} bytes of waiting messages. */
  static NetlinkMonitor start(
      String name, int protocol, int receiveBuffer, Listener listener, int... groups)
      throws SystemCallException {
    List<Integer> wanted = Arrays.stream(groups).boxed().toList();
    return new NetlinkMonitor(
        NetlinkReceiver.open(name, protocol, receiveBuffer, listener, wanted)::close);
  }

  /**
   * Receives what the kernel sends to a socket that asked for it. Takes over {@code socket}, unless
   * it throws.
   *
   * @param receiveBuffer room for bytes of messages that wait
   */
  public static NetlinkMonitor takeOver(
      String name, NetlinkSocket socket, int receiveBuffer, Listener listener)
      throws SystemCallException {
    return new NetlinkMonitor(
        NetlinkReceiver.takeOver(name, socket.descriptor(), receiveBuffer, listener)::close);
  }

  /** The listener is not called any more when this returns. Never call it from a listener. */
  @Override
  public void close() {
    end.run();
  }
}
