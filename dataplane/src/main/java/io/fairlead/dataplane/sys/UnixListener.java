package io.fairlead.dataplane.sys;

import static io.fairlead.dataplane.sys.LinuxConstants.AF_UNIX;
import static io.fairlead.dataplane.sys.LinuxConstants.SOCK_CLOEXEC;
import static io.fairlead.dataplane.sys.LinuxConstants.SOCK_STREAM;
import static io.fairlead.dataplane.sys.SystemCallException.check;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A listening Unix stream socket whose connections can carry descriptors, which those of the JDK
 * cannot. Its file has mode 0600 from the moment on in which it exists. Thread-safe.
 */
public final class UnixListener implements AutoCloseable {

  /** struct sockaddr_un of linux/un.h: sun_path has 108 bytes, one of them the final NUL. */
  private static final int PATH_LIMIT = 107;

  private static final int BACKLOG = 256;

  private static final int MODE = 0600;

  private final OwnedDescriptor socket;
  private final Path path;
  private volatile boolean closed;

  private UnixListener(OwnedDescriptor socket, Path path) {
    this.socket = socket;
    this.path = path;
  }

  /**
   * Listens at {@code path}, in a folder that exists. A socket file there that nobody listens at
   * any more must have been removed.
   *
   * @throws IOException with EADDRINUSE if the file exists
   */
  public static UnixListener listen(Path path) throws IOException {
    OwnedDescriptor owned = bind(path);
    try {
      check("listen at " + path, Libc.listen(owned.number(), BACKLOG));
      return new UnixListener(owned, path);
    } catch (IOException e) {
      owned.close();
      throw e;
    }
  }

  /** A socket that has its file and does not listen yet. */
  static OwnedDescriptor bind(Path path) throws IOException {
    byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
    if (name.length > PATH_LIMIT) {
      throw new IOException(
          "the socket path " + path + " is longer than " + PATH_LIMIT + " bytes; choose a shorter");
    }
    int number = check("open a Unix socket", Libc.socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    OwnedDescriptor owned = new OwnedDescriptor(number);
    try (Arena arena = Arena.ofConfined()) {
      // The kernel makes the file with the mode of the socket (unix_bind of net/unix/af_unix.c), so
      // there is nothing to change afterwards, when the name may be somebody else's symbolic link.
      check("set the mode of a socket", Libc.fchmod(number, MODE));
      MemorySegment address = arena.allocate(2 + PATH_LIMIT + 1, 2);
      address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
      MemorySegment.copy(name, 0, address, ValueLayout.JAVA_BYTE, 2, name.length);
      check("bind " + path, Libc.bind(number, address, (int) address.byteSize()));
      return owned;
    } catch (IOException e) {
      owned.close();
      throw e;
    }
  }

  /** Waits for the next connection; empty once this listener is closed. */
  public Optional<UnixConnection> accept() throws SystemCallException {
    if (closed) {
      return Optional.empty();
    }
    int result = Libc.accept(socket.number(), SOCK_CLOEXEC);
    if (closed) {
      if (result >= 0) {
        new OwnedDescriptor(result).close();
      }
      return Optional.empty();
    }
    return Optional.of(new UnixConnection(new OwnedDescriptor(check("accept at " + path, result))));
  }

  /** Stops listening, ends a waiting {@link #accept} and removes the file. */
  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      // On a listening socket, shutdown makes a blocked accept return; close alone does not.
      var _ = Libc.shutdown(socket.number(), LinuxConstants.SHUT_RDWR);
      Files.deleteIfExists(path);
    }
  }

  /** Frees the descriptor. Call it when no thread is in {@link #accept} any more. */
  public void release() {
    socket.close();
  }
}
