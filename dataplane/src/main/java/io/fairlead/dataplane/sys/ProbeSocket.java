package io.fairlead.dataplane.sys;

import static io.fairlead.dataplane.sys.LinuxConstants.*;
import static io.fairlead.dataplane.sys.SystemCallException.check;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Sends one packet and tells what comes of it, errors that others report with ICMP included. It
 * belongs to the network namespace of the thread that opens it. Not thread-safe.
 */
public final class ProbeSocket implements AutoCloseable {

  /** What is sent. */
  public enum Kind {
    /** A connection is opened. */
    TCP,
    /** A datagram. */
    UDP,
    /** An ICMP echo request, of the family's own kind; needs NET_RAW. */
    ECHO
  }

  /** What came of it. */
  public sealed interface Outcome {

    /** The destination answered: with SYN and ACK, a datagram, or an echo reply. */
    record Answered() implements Outcome {}

    /**
     * The kernel was told, or found by itself, that it does not work.
     *
     * @param errno a constant of {@link Errno}
     * @param icmp who reported it; null if nobody did: a connection was reset, or this kernel
     *     refused to send
     * @param mtu the longest packet that would have passed, if that is the matter; or 0
     */
    record Failed(int errno, @Nullable IcmpError icmp, int mtu) implements Outcome {}

    /** Nothing, within the time. */
    record Silent() implements Outcome {}
  }

  /** What a router or host reported, with the numbers of ICMP or ICMPv6. */
  public record IcmpError(IpAddress from, int type, int code) {}

  private static final int ECHO_HEADER = 8;

  private static final int ICMP_ECHO_REQUEST = 8;
  private static final int ICMP_ECHO_REPLY = 0;
  private static final int ICMPV6_ECHO_REQUEST = 128;
  private static final int ICMPV6_ECHO_REPLY = 129;

  /** struct cmsghdr: the length in 8 bytes, level and type in 4 each. */
  private static final int CONTROL_HEADER = 16;

  /** struct sock_extended_err of linux/errqueue.h; the offender's address follows. */
  private static final int EXTENDED_ERROR = 16;

  private final OwnedDescriptor socket;
  private final Kind kind;
  private final IpAddress source;
  private final int port;

  private ProbeSocket(OwnedDescriptor socket, Kind kind, IpAddress source, int port) {
    this.socket = socket;
    this.kind = kind;
    this.source = source;
    this.port = port;
  }

  /**
   * Opens a socket in the calling thread's network namespace, with a source port that nobody has.
   *
   * @param source an address of that namespace
   * @param whole whether the packet must not be fragmented
   */
  public static ProbeSocket open(Kind kind, IpAddress source, boolean whole)
      throws SystemCallException {
    AddressFamily family = source.family();
    boolean v4 = family == AddressFamily.IPV4;
    int type =
        switch (kind) {
          case TCP -> SOCK_STREAM;
          case UDP -> SOCK_DGRAM;
          case ECHO -> SOCK_RAW;
        };
    int protocol = kind == Kind.ECHO ? (v4 ? IPPROTO_ICMP : IPPROTO_ICMPV6) : 0;
    int number =
        check(
            "open a socket to probe with",
            Libc.socket(family.number(), type | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol));
    OwnedDescriptor owned = new OwnedDescriptor(number);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = SocketAddress.of(arena, source, 0);
      check("bind " + source, Libc.bind(number, address, (int) address.byteSize()));
      set(arena, owned, v4 ? SOL_IP : SOL_IPV6, v4 ? IP_RECVERR : IPV6_RECVERR, 1);
      if (whole) {
        int option = v4 ? IP_MTU_DISCOVER : IPV6_MTU_DISCOVER;
        set(arena, owned, v4 ? SOL_IP : SOL_IPV6, option, PMTUDISC_DO);
      }
      int port =
          kind == Kind.ECHO ? ThreadLocalRandom.current().nextInt(1, 1 << 16) : port(arena, owned);
      return new ProbeSocket(owned, kind, source, port);
    } catch (SystemCallException e) {
      owned.close();
      throw e;
    }
  }

  private static void set(Arena arena, OwnedDescriptor socket, int level, int name, int value)
      throws SystemCallException {
    MemorySegment holder = arena.allocateFrom(ValueLayout.JAVA_INT, value);
    check(
        "set option " + name + " of a socket",
        Libc.setsockopt(socket.number(), level, name, holder, 4));
  }

  private static int port(Arena arena, OwnedDescriptor socket) throws SystemCallException {
    MemorySegment address = arena.allocate(SocketAddress.LONGEST, 4);
    MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, SocketAddress.LONGEST);
    check("getsockname", Libc.getsockname(socket.number(), address, length));
    return SocketAddress.port(address);
  }

  /** The source port; of an echo request its identifier. */
  public int port() {
    return port;
  }

  /**
   * Sends the packet and waits for what comes of it.
   *
   * @param destinationPort 0 for an echo request
   * @param payload bytes behind the header of UDP, or that of the echo request
   * @param limit how long to wait
   */
  public Outcome probe(IpAddress destination, int destinationPort, int payload, Duration limit)
      throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment to = SocketAddress.of(arena, destination, destinationPort);
      int sent = Libc.connect(socket.number(), to, (int) to.byteSize());
      if (sent == 0 && kind != Kind.TCP) {
        MemorySegment content = content(arena, payload);
        sent = (int) Libc.send(socket.number(), content, content.byteSize(), MSG_NOSIGNAL);
      }
      if (sent < 0 && sent != -Errno.EINPROGRESS) {
        return failure(arena, -sent);
      }
      return await(arena, limit);
    }
  }

  private MemorySegment content(Arena arena, int payload) {
    if (kind == Kind.UDP) {
      return arena.allocate(Math.max(payload, 1));
    }
    boolean v4 = source.family() == AddressFamily.IPV4;
    NativeBuffer echo = NativeBuffer.allocate(ECHO_HEADER + payload);
    echo.putU8(0, v4 ? ICMP_ECHO_REQUEST : ICMPV6_ECHO_REQUEST);
    echo.putU16Be(4, port);
    echo.putU16Be(6, 1);
    if (v4) { // Of ICMPv6 the kernel makes the checksum.
      int sum = (ICMP_ECHO_REQUEST << 8) + port + 1;
      echo.putU16Be(2, ~((sum & 0xffff) + (sum >>> 16)) & 0xffff);
    }
    return echo.segment();
  }

  private Outcome await(Arena arena, Duration limit) throws SystemCallException {
    long end = System.nanoTime() + limit.toNanos();
    MemorySegment poll = arena.allocate(8, 4);
    while (true) {
      long left = end - System.nanoTime();
      poll.set(ValueLayout.JAVA_INT, 0, socket.number());
      poll.set(ValueLayout.JAVA_SHORT, 4, (short) (kind == Kind.TCP ? POLLOUT : POLLIN));
      // Rounded up, so as not to ask again and again within the last millisecond.
      int millis = left <= 0 ? 0 : (int) ((left + 999_999) / 1_000_000);
      int ready = Libc.poll(poll, 1, millis);
      if (ready == -Errno.EINTR) {
        continue;
      }
      if (check("poll", ready) == 0) {
        return new Outcome.Silent();
      }
      int events = poll.get(ValueLayout.JAVA_SHORT, 6);
      int errno = (events & POLLERR) != 0 ? error(arena) : 0;
      if (errno != 0) {
        return failure(arena, errno);
      }
      Outcome outcome = kind == Kind.TCP ? new Outcome.Answered() : received(arena);
      if (outcome != null) {
        return outcome;
      }
    }
  }

  private int error(Arena arena) throws SystemCallException {
    MemorySegment value = arena.allocate(4, 4);
    MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, 4);
    check(
        "read the error of a socket",
        Libc.getsockopt(socket.number(), SOL_SOCKET, SO_ERROR, value, length));
    return value.get(ValueLayout.JAVA_INT, 0);
  }

  /** What arrived means, or null if it was not for us. */
  private @Nullable Outcome received(Arena arena) throws SystemCallException {
    MemorySegment packet = arena.allocate(2048);
    long length = Libc.recv(socket.number(), packet, packet.byteSize(), MSG_DONTWAIT);
    if (length < 0) {
      return length == -Errno.EAGAIN ? null : failure(arena, (int) -length);
    }
    return kind == Kind.UDP || isOurReply(packet, length) ? new Outcome.Answered() : null;
  }

  private boolean isOurReply(MemorySegment packet, long length) {
    boolean v4 = source.family() == AddressFamily.IPV4;
    // Of IPv4 the IP header comes along; its length is in its first byte.
    int at = v4 ? (packet.get(ValueLayout.JAVA_BYTE, 0) & 0xf) * 4 : 0;
    if (length < at + ECHO_HEADER) {
      return false;
    }
    int type = Byte.toUnsignedInt(packet.get(ValueLayout.JAVA_BYTE, at));
    int high = Byte.toUnsignedInt(packet.get(ValueLayout.JAVA_BYTE, at + 4));
    int low = Byte.toUnsignedInt(packet.get(ValueLayout.JAVA_BYTE, at + 5));
    return type == (v4 ? ICMP_ECHO_REPLY : ICMPV6_ECHO_REPLY) && (high << 8 | low) == port;
  }

  /** An errno with what the socket's queue of errors says of it. */
  private Outcome failure(Arena arena, int errno) {
    MemorySegment control = arena.allocate(256, 8);
    MemorySegment data = arena.allocate(64);
    // struct iovec, then struct msghdr: name, namelen, iov, iovlen, control, controllen, flags.
    MemorySegment vector = arena.allocate(16, 8);
    vector.set(ValueLayout.ADDRESS, 0, data);
    vector.set(ValueLayout.JAVA_LONG, 8, data.byteSize());
    MemorySegment header = arena.allocate(56, 8);
    header.set(ValueLayout.ADDRESS, 16, vector);
    header.set(ValueLayout.JAVA_LONG, 24, 1);
    header.set(ValueLayout.ADDRESS, 32, control);
    header.set(ValueLayout.JAVA_LONG, 40, control.byteSize());
    if (Libc.recvmsg(socket.number(), header, MSG_ERRQUEUE | MSG_DONTWAIT) >= 0) {
      long end = header.get(ValueLayout.JAVA_LONG, 40);
      for (long at = 0; at + CONTROL_HEADER + EXTENDED_ERROR <= end; ) {
        long length = control.get(ValueLayout.JAVA_LONG, at);
        int level = control.get(ValueLayout.JAVA_INT, at + 8);
        int type = control.get(ValueLayout.JAVA_INT, at + 12);
        if ((level == SOL_IP && type == IP_RECVERR)
            || (level == SOL_IPV6 && type == IPV6_RECVERR)) {
          return failure(control.asSlice(at + CONTROL_HEADER));
        }
        at += Math.max(length + 7 & ~7L, CONTROL_HEADER);
      }
    }
    return new Outcome.Failed(errno, null, 0);
  }

  private static Outcome failure(MemorySegment error) {
    int errno = error.get(ValueLayout.JAVA_INT, 0);
    int origin = error.get(ValueLayout.JAVA_BYTE, 4);
    int mtu = errno == Errno.EMSGSIZE ? error.get(ValueLayout.JAVA_INT, 8) : 0;
    IpAddress from = SocketAddress.address(error.asSlice(EXTENDED_ERROR));
    boolean reported = origin == SO_EE_ORIGIN_ICMP || origin == SO_EE_ORIGIN_ICMP6;
    IcmpError icmp =
        reported && from != null
            ? new IcmpError(
                from,
                Byte.toUnsignedInt(error.get(ValueLayout.JAVA_BYTE, 5)),
                Byte.toUnsignedInt(error.get(ValueLayout.JAVA_BYTE, 6)))
            : null;
    return new Outcome.Failed(errno, icmp, mtu);
  }

  /** Ends the connection, if there is one. */
  @Override
  public void close() {
    socket.close();
  }
}
