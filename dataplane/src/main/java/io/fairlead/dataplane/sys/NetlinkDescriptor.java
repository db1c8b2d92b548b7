package io.fairlead.dataplane.sys;

import static io.fairlead.dataplane.sys.LinuxConstants.AF_NETLINK;
import static io.fairlead.dataplane.sys.LinuxConstants.SOCK_CLOEXEC;
import static io.fairlead.dataplane.sys.LinuxConstants.SOCK_RAW;
import static io.fairlead.dataplane.sys.LinuxConstants.SOL_NETLINK;
import static io.fairlead.dataplane.sys.LinuxConstants.SOL_SOCKET;
import static io.fairlead.dataplane.sys.SystemCallException.check;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A netlink socket as the kernel offers it: datagrams in and out, options, and a way to wake a
 * waiting reader. It knows nothing of what is in a datagram. Only {@link #wake} may be called while
 * another thread uses the socket.
 */
public final class NetlinkDescriptor implements AutoCloseable {

  /** Null in every process but a benchmark's: a read and a comparison beside a system call. */
  private static volatile @Nullable NetlinkObserver observer;

  private final OwnedDescriptor socket;
  private final MemorySegment pollSet;
  private @Nullable OwnedDescriptor waker;

  /** Of one that was opened here, not adopted: what {@link OwnPorts} knows it by. */
  private int protocol = -1;

  private int number;

  private NetlinkDescriptor(OwnedDescriptor socket) {
    this.socket = socket;
    // struct pollfd[2] of poll.h: int fd, short events, short revents.
    this.pollSet = Arena.ofAuto().allocate(16, 8);
  }

  /**
   * Opens a socket in the calling thread's network namespace.
   *
   * @param protocol a NETLINK_ constant of linux/netlink.h
   * @throws SystemCallException if the kernel lacks the protocol or refuses
   */
  public static NetlinkDescriptor open(int protocol) throws SystemCallException {
    int number =
        check(
            "open netlink socket " + protocol,
            Libc.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol));
    OwnedDescriptor owned = new OwnedDescriptor(number);
    try {
      NetlinkDescriptor descriptor = adopt(owned);
      descriptor.protocol = protocol;
      descriptor.number = descriptor.port();
      OwnPorts.opened(protocol, descriptor.number);
      return descriptor;
    } catch (SystemCallException e) {
      owned.close();
      throw e;
    }
  }

  /**
   * Takes over a socket that another process opened, perhaps in another namespace. It is bound if
   * it was not. The caller keeps the descriptor if this throws.
   */
  public static NetlinkDescriptor adopt(OwnedDescriptor socket) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      // struct sockaddr_nl: family, padding, port 0 for the kernel to choose, groups 0.
      MemorySegment address = arena.allocate(12, 4);
      address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_NETLINK);
      int result = Libc.bind(socket.number(), address, 12);
      // A socket that is bound already answers EINVAL and keeps its port.
      if (result < 0 && result != -Errno.EINVAL) {
        throw new SystemCallException("bind netlink socket", -result);
      }
    }
    return new NetlinkDescriptor(socket);
  }

  /**
   * Shows every datagram of every netlink socket of this process to {@code current} from now on, in
   * place of the one before; null for none. Thread-safe.
   */
  public static void observe(@Nullable NetlinkObserver current) {
    observer = current;
  }

  /** The port number that the kernel gave this socket: the sender in our messages' headers. */
  public int port() throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = arena.allocate(12, 4);
      MemorySegment length = arena.allocate(4, 4);
      length.set(ValueLayout.JAVA_INT, 0, 12);
      check("getsockname", Libc.getsockname(socket.number(), address, length));
      return address.get(ValueLayout.JAVA_INT, 4);
    }
  }

  /** Sets an option of level SOL_NETLINK (linux/netlink.h). */
  public void option(int name, int value) throws SystemCallException {
    setInt(SOL_NETLINK, name, value, "set netlink option " + name);
  }

  /**
   * Makes room for {@code bytes} of a datagram we send, beyond net.core.wmem_max; needs NET_ADMIN.
   */
  public void sendBuffer(int bytes) throws SystemCallException {
    setInt(SOL_SOCKET, LinuxConstants.SO_SNDBUFFORCE, bytes, "set the send buffer");
  }

  /** Makes room for {@code bytes} that wait for us, beyond net.core.rmem_max; needs NET_ADMIN. */
  public void receiveBuffer(int bytes) throws SystemCallException {
    setInt(SOL_SOCKET, LinuxConstants.SO_RCVBUFFORCE, bytes, "set the receive buffer");
  }

  private void setInt(int level, int name, int value, String operation) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment holder = arena.allocateFrom(ValueLayout.JAVA_INT, value);
      check(operation, Libc.setsockopt(socket.number(), level, name, holder, 4));
    }
  }

  /**
   * Sends {@code length} bytes from {@code offset} on as one datagram. The kernel has processed it
   * when this returns.
   */
  public void send(NativeBuffer from, int offset, int length) throws SystemCallException {
    Objects.checkFromIndexSize(offset, length, from.capacity());
    // Most messages begin where the buffer does, and a slice is an object more.
    MemorySegment content = offset == 0 ? from.segment() : from.segment().asSlice(offset, length);
    check("send to the kernel", Libc.send(socket.number(), content, length, 0));
    NetlinkObserver observing = observer;
    if (observing != null) {
      observing.sent(from, offset, length);
    }
  }

  /**
   * Takes the next waiting datagram, without waiting for one.
   *
   * @return its whole length, which is more than {@code into} holds if it was cut off; 0 if none
   *     waits
   * @throws SystemCallException with ENOBUFS if the kernel had to drop messages for us
   */
  public int receive(NativeBuffer into) throws SystemCallException {
    long length =
        Libc.recv(
            socket.number(),
            into.segment(),
            into.capacity(),
            LinuxConstants.MSG_TRUNC | LinuxConstants.MSG_DONTWAIT);
    int waited = length == -Errno.EAGAIN ? 0 : (int) check("receive from the kernel", length);
    NetlinkObserver observing = observer;
    if (observing != null) {
      observing.received(into, waited);
    }
    return waited;
  }

  /** Lets {@link #wake} end {@link #await}. Call it before another thread may call either. */
  public void enableWake() throws SystemCallException {
    waker = new OwnedDescriptor(check("eventfd", Libc.eventfd(0, LinuxConstants.EFD_CLOEXEC)));
  }

  /**
   * Waits until a datagram is there or someone called {@link #wake}.
   *
   * @return false if woken
   */
  public boolean await() throws SystemCallException {
    OwnedDescriptor wake = waker;
    pollSet.set(ValueLayout.JAVA_INT, 0, socket.number());
    pollSet.set(ValueLayout.JAVA_SHORT, 4, (short) LinuxConstants.POLLIN);
    pollSet.set(ValueLayout.JAVA_INT, 8, wake == null ? -1 : wake.number());
    pollSet.set(ValueLayout.JAVA_SHORT, 12, (short) LinuxConstants.POLLIN);
    check("poll", Libc.poll(pollSet, 2, -1));
    return pollSet.get(ValueLayout.JAVA_SHORT, 14) == 0;
  }

  /** Ends the wait of another thread, now or when it begins to. Thread-safe. */
  public void wake() {
    OwnedDescriptor wake = waker;
    if (wake != null) {
      try (Arena arena = Arena.ofConfined()) {
        // The counter cannot overflow by ones within a lifetime, so the write cannot fail.
        var _ = Libc.write(wake.number(), arena.allocateFrom(ValueLayout.JAVA_LONG, 1L), 8);
      }
    }
  }

  @Override
  public void close() {
    socket.close();
    if (protocol >= 0) {
      OwnPorts.closed(protocol, number);
    }
    OwnedDescriptor wake = waker;
    if (wake != null) {
      wake.close();
    }
  }
}
