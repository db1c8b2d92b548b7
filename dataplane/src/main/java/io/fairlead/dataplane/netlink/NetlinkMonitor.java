package io.fairlead.dataplane.netlink;

import static io.fairlead.dataplane.netlink.NetlinkConstants.HEADER_LENGTH;

import io.fairlead.dataplane.sys.Errno;
import io.fairlead.dataplane.sys.NativeBuffer;
import io.fairlead.dataplane.sys.NetlinkDescriptor;
import io.fairlead.dataplane.sys.SystemCallException;
import java.io.IOException;

/**
 * Receives the kernel's multicast messages, on a thread of its own, until it is closed. Messages
 * arrive in the kernel's order; when some were dropped the listener is told, and must read the
 * state anew.
 */
public final class NetlinkMonitor implements AutoCloseable {

  private static final int RECEIVE_BUFFER = 16 << 20;
  private static final int DATAGRAM = 64 << 10;

  /** Told what happens, always on the monitor's thread. */
  public interface Listener {

    /** A message, valid only during the call. What this throws is passed to {@link #problem}. */
    void message(NetlinkMessage message) throws IOException;

    /** Messages were dropped since the last one. */
    void overrun();

    /** A message could not be understood, or the socket failed for good. */
    void problem(IOException cause);
  }

  private final NetlinkDescriptor descriptor;
  private final Thread thread;
  private volatile boolean closed;

  private NetlinkMonitor(String name, NetlinkDescriptor descriptor, Listener listener) {
    this.descriptor = descriptor;
    this.thread = Thread.ofPlatform().daemon().name(name).unstarted(() -> run(listener));
  }

  /**
   * Subscribes in the calling thread's network namespace. From the moment this returns no message
   * goes unnoticed.
   *
   * @param groups multicast group numbers (RTNLGRP_, NFNLGRP_ constants)
   */
  public static NetlinkMonitor start(String name, int protocol, Listener listener, int... groups)
      throws SystemCallException {
    return start(name, protocol, RECEIVE_BUFFER, listener, groups);
  }

  /** As above, with room for {@code receiveBuffer} bytes of messages that wait. */
  static NetlinkMonitor start(
      String name, int protocol, int receiveBuffer, Listener listener, int... groups)
      throws SystemCallException {
    NetlinkDescriptor descriptor = NetlinkDescriptor.open(protocol);
    try {
      descriptor.enableWake();
      descriptor.receiveBuffer(receiveBuffer);
      for (int group : groups) {
        descriptor.option(NetlinkConstants.NETLINK_ADD_MEMBERSHIP, group);
      }
    } catch (SystemCallException e) {
      descriptor.close();
      throw e;
    }
    return started(name, descriptor, listener);
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
    NetlinkDescriptor descriptor = socket.descriptor();
    descriptor.receiveBuffer(receiveBuffer);
    descriptor.enableWake();
    return started(name, descriptor, listener);
  }

  private static NetlinkMonitor started(
      String name, NetlinkDescriptor descriptor, Listener listener) {
    NetlinkMonitor monitor = new NetlinkMonitor(name, descriptor, listener);
    monitor.thread.start();
    return monitor;
  }

  private void run(Listener listener) {
    NativeBuffer buffer = NativeBuffer.allocate(DATAGRAM);
    try {
      while (!closed && descriptor.await()) {
        drain(buffer, listener);
      }
    } catch (IOException e) {
      if (!closed) {
        listener.problem(e);
      }
    }
  }

  private void drain(NativeBuffer buffer, Listener listener) throws SystemCallException {
    while (!closed) {
      int length;
      try {
        length = descriptor.receive(buffer);
      } catch (SystemCallException e) {
        if (e.errno() != Errno.ENOBUFS) {
          throw e;
        }
        listener.overrun();
        continue;
      }
      if (length == 0) {
        return;
      }
      if (length > buffer.capacity()) {
        listener.overrun();
      } else {
        deliver(buffer, length, listener);
      }
    }
  }

  private static void deliver(NativeBuffer buffer, int length, Listener listener) {
    try {
      int at = 0;
      while (at + HEADER_LENGTH <= length) {
        NetlinkMessage message = new NetlinkMessage(buffer, at, length - at);
        message.requireWellFormed();
        listener.message(message);
        at = message.following();
      }
    } catch (IOException e) {
      listener.problem(e);
    } catch (RuntimeException e) {
      // The thread goes on: without it nobody would hear of any later change.
      listener.problem(new IOException("a message was not understood, unexpectedly: " + e, e));
    }
  }

  /** Ends the thread and waits for it. Never call it from the listener. */
  @Override
  public void close() {
    closed = true;
    descriptor.wake();
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    descriptor.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
