package io.fairlead.dataplane.sys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A network namespace, held by a descriptor: it lives at least as long as this object is open.
 * Thread-safe.
 */
public final class NetworkNamespace implements AutoCloseable {

  private final OwnedDescriptor descriptor;

  /** Takes over the descriptor. */
  public NetworkNamespace(OwnedDescriptor descriptor) {
    this.descriptor = descriptor;
  }

  /** The namespace of the calling thread. */
  public static NetworkNamespace current() throws SystemCallException {
    return open(Path.of("/proc/thread-self/ns/net"));
  }

  /** The namespace that {@code path} names, as /proc/PID/ns/net or /run/netns/NAME do. */
  public static NetworkNamespace open(Path path) throws SystemCallException {
    return new NetworkNamespace(OwnedDescriptor.open(path));
  }

  public OwnedDescriptor descriptor() {
    return descriptor;
  }

  /** A path by which any process of this PID namespace can enter it while this object is open. */
  public Path path() {
    return descriptor.path();
  }

  /**
   * The number in "net:[4026531840]", unique among the namespaces that exist at one time.
   *
   * @throws SystemCallException if /proc does not tell
   */
  public long number() throws SystemCallException {
    try {
      return (Long) Files.getAttribute(path(), "unix:ino");
    } catch (IOException e) {
      SystemCallException failure =
          new SystemCallException("read the number of a network namespace", Errno.EIO);
      failure.initCause(e);
      throw failure;
    }
  }

  /** Whether both are one and the same namespace. */
  public boolean isSame(NetworkNamespace other) throws IOException {
    return number() == other.number();
  }

  /** Moves the calling thread into this namespace. */
  void enter() throws SystemCallException {
    SystemCallException.check(
        "enter a network namespace", Libc.setns(descriptor.number(), LinuxConstants.CLONE_NEWNET));
  }

  /** Moves the calling thread into a new, empty namespace. */
  static void unshare() throws SystemCallException {
    SystemCallException.check(
        "make a network namespace", Libc.unshare(LinuxConstants.CLONE_NEWNET));
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
