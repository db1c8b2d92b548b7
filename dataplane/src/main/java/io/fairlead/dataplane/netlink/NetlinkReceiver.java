package io.fairlead.dataplane.netlink;

import static io.fairlead.dataplane.netlink.NetlinkConstants.HEADER_LENGTH;

import io.fairlead.dataplane.sys.Errno;
import io.fairlead.dataplane.sys.NativeBuffer;
import io.fairlead.dataplane.sys.NetlinkDescriptor;
import io.fairlead.dataplane.sys.SystemCallException;
import java.io.IOException;
import java.util.List;

/** A socket that the kernel sends messages to, and the thread that hands them on. */
final class NetlinkReceiver implements AutoCloseable {

  private static final int DATAGRAM = 64 << 10;

  private final NetlinkDescriptor descriptor;
  private final Thread thread;
  private volatile boolean closed;
  private volatile boolean failed;

  private NetlinkReceiver(
      String name, NetlinkDescriptor descriptor, NetlinkMonitor.Listener listener) {
    this.descriptor = descriptor;
    this.thread = Thread.ofPlatform().daemon().name(name).unstarted(() -> run(listener));
  }

  /**
   * Subscribes in the calling thread's network namespace. From the moment this returns no message
   * goes unnoticed.
   *
   * @param receiveBuffer room for bytes of messages that wait
   */
  static NetlinkReceiver open(
      String name,
      int protocol,
      int receiveBuffer,
      NetlinkMonitor.Listener listener,
      List<Integer> groups)
      throws SystemCallException {
    NetlinkDescriptor descriptor = NetlinkDescriptor.open(protocol);
    try {
      NetlinkReceiver receiver = over(name, descriptor, receiveBuffer, listener);
      for (int group : groups) {
        descriptor.option(NetlinkConstants.NETLINK_ADD_MEMBERSHIP, group);
      }
      receiver.thread.start();
      return receiver;
    } catch (SystemCallException e) {
      descriptor.close();
      throw e;
    }
  }

  /** Takes over {@code descriptor}, unless it throws. */
  static NetlinkReceiver takeOver(
      String name,
      NetlinkDescriptor descriptor,
      int receiveBuffer,
      NetlinkMonitor.Listener listener)
      throws SystemCallException {
    NetlinkReceiver receiver = over(name, descriptor, receiveBuffer, listener);
    receiver.thread.start();
    return receiver;
  }

  private static NetlinkReceiver over(
      String name,
      NetlinkDescriptor descriptor,
      int receiveBuffer,
      NetlinkMonitor.Listener listener)
      throws SystemCallException {
    descriptor.enableWake();
    descriptor.receiveBuffer(receiveBuffer);
    return new NetlinkReceiver(name, descriptor, listener);
  }

  /** Whether the socket failed for good; the listener is told after this is true. */
  boolean hasFailed() {
    return failed;
  }

  private void run(NetlinkMonitor.Listener listener) {
    NativeBuffer buffer = NativeBuffer.allocate(DATAGRAM);
    try {
      while (!closed && descriptor.await()) {
        drain(buffer, listener);
      }
    } catch (IOException e) {
      if (!closed) {
        failed = true;
        listener.problem(e);
      }
    }
  }

  private void drain(NativeBuffer buffer, NetlinkMonitor.Listener listener)
      throws SystemCallException {
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

  private static void deliver(NativeBuffer buffer, int length, NetlinkMonitor.Listener listener) {
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

  /** Ends the thread and waits for it. Never call it from the listener; once. */
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
