package io.fairlead.dataplane.sys;

import static io.fairlead.dataplane.sys.LinuxConstants.SOL_SOCKET;
import static io.fairlead.dataplane.sys.SystemCallException.check;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One accepted connection of a {@link UnixListener}: a byte stream on which the peer may send
 * descriptors as well. Not thread-safe.
 */
public final class UnixConnection implements AutoCloseable {

  /** Of a connection: more than a peer has to send, so that it cannot use up those there are. */
  static final int MAXIMUM_DESCRIPTORS = 8;

  /** A peer that sends single bytes must not cost a buffer for all that it announced each time. */
  private static final int READ_LIMIT = 64 << 10;

  /** struct cmsghdr of bits/socket.h on a 64-bit machine: size_t length, int level, int type. */
  private static final int CONTROL_HEADER = 16;

  private static final int CONTROL_SPACE = CONTROL_HEADER + MAXIMUM_DESCRIPTORS * 4;

  private final OwnedDescriptor socket;
  private final List<OwnedDescriptor> received = new ArrayList<>();

  UnixConnection(OwnedDescriptor socket) {
    this.socket = socket;
  }

  /** Who connected, as the kernel recorded it: struct ucred of bits/socket.h. */
  public record Peer(int processId, int userId, int groupId) {}

  public Peer peer() throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment credentials = arena.allocate(12, 4);
      MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, 12);
      check(
          "read the peer's credentials",
          Libc.getsockopt(
              socket.number(), SOL_SOCKET, LinuxConstants.SO_PEERCRED, credentials, length));
      return new Peer(
          credentials.get(ValueLayout.JAVA_INT, 0),
          credentials.get(ValueLayout.JAVA_INT, 4),
          credentials.get(ValueLayout.JAVA_INT, 8));
    }
  }

  /** Lets a single read or write wait no longer than {@code limit}; then it fails with EAGAIN. */
  public void timeout(Duration limit) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      // struct timeval of bits/types/struct_timeval.h: seconds, microseconds.
      MemorySegment value = arena.allocate(16, 8);
      value.set(ValueLayout.JAVA_LONG, 0, limit.toSeconds());
      value.set(ValueLayout.JAVA_LONG, 8, limit.toNanosPart() / 1000L);
      for (int option : new int[] {LinuxConstants.SO_RCVTIMEO, LinuxConstants.SO_SNDTIMEO}) {
        check("set a time limit", Libc.setsockopt(socket.number(), SOL_SOCKET, option, value, 16));
      }
    }
  }

  /**
   * Reads what is there, at least one byte, into {@code into} from {@code offset} on. Descriptors
   * that came along are kept for {@link #takeDescriptors}.
   *
   * @return the bytes read, at most 64 KiB at a time; 0 if the peer has closed its side
   * @throws IOException if the peer sent more than 8 descriptors
   */
  public int read(byte[] into, int offset) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      int room = Math.min(into.length - offset, READ_LIMIT);
      MemorySegment data = arena.allocate(Math.max(room, 1));
      MemorySegment control = arena.allocate(CONTROL_SPACE, 8);
      // struct iovec, then struct msghdr: name, namelen, iov, iovlen, control, controllen, flags.
      MemorySegment vector = arena.allocate(16, 8);
      vector.set(ValueLayout.ADDRESS, 0, data);
      vector.set(ValueLayout.JAVA_LONG, 8, room);
      MemorySegment header = arena.allocate(56, 8);
      header.set(ValueLayout.ADDRESS, 16, vector);
      header.set(ValueLayout.JAVA_LONG, 24, 1);
      header.set(ValueLayout.ADDRESS, 32, control);
      header.set(ValueLayout.JAVA_LONG, 40, CONTROL_SPACE);
      int length =
          (int)
              check(
                  "read from the peer",
                  Libc.recvmsg(socket.number(), header, LinuxConstants.MSG_CMSG_CLOEXEC));
      collect(control, header.get(ValueLayout.JAVA_LONG, 40));
      boolean cut = (header.get(ValueLayout.JAVA_INT, 48) & LinuxConstants.MSG_CTRUNC) != 0;
      if (cut || received.size() > MAXIMUM_DESCRIPTORS) {
        throw new IOException("the peer sent more than " + MAXIMUM_DESCRIPTORS + " descriptors");
      }
      MemorySegment.copy(data, ValueLayout.JAVA_BYTE, 0, into, offset, length);
      return length;
    }
  }

  private void collect(MemorySegment control, long controlLength) {
    long at = 0;
    while (at + CONTROL_HEADER <= controlLength) {
      long length = control.get(ValueLayout.JAVA_LONG, at);
      boolean rights =
          control.get(ValueLayout.JAVA_INT, at + 8) == SOL_SOCKET
              && control.get(ValueLayout.JAVA_INT, at + 12) == LinuxConstants.SCM_RIGHTS;
      for (long i = at + CONTROL_HEADER; rights && i + 4 <= at + length; i += 4) {
        received.add(new OwnedDescriptor(control.get(ValueLayout.JAVA_INT, i)));
      }
      at += (length + 7) & ~7L;
    }
  }

  /** The descriptors received so far, in order; from here on they are the caller's. */
  public List<OwnedDescriptor> takeDescriptors() {
    List<OwnedDescriptor> taken = List.copyOf(received);
    received.clear();
    return taken;
  }

  /** Writes all of {@code content}. */
  public void write(byte[] content) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment data = arena.allocateFrom(ValueLayout.JAVA_BYTE, content);
      long at = 0;
      while (at < content.length) {
        at +=
            check(
                "write to the peer",
                Libc.send(
                    socket.number(),
                    data.asSlice(at),
                    content.length - at,
                    LinuxConstants.MSG_NOSIGNAL));
      }
    }
  }

  /** Closes the connection, and descriptors that nobody took. */
  @Override
  public void close() {
    takeDescriptors().forEach(OwnedDescriptor::close);
    socket.close();
  }
}
