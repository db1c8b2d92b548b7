package io.fairlead.dataplane.sys;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A file descriptor with one owner, who closes it. Closing twice is allowed; using it after that
 * throws IllegalStateException instead of reaching a descriptor that was reused. Thread-safe.
 */
public final class OwnedDescriptor implements AutoCloseable {

  private static final int CLOSED = -1;

  private final AtomicInteger number;

  OwnedDescriptor(int number) {
    this.number = new AtomicInteger(number);
  }

  /**
   * Opens a file that exists, for reading, with O_CLOEXEC.
   *
   * @throws SystemCallException if the kernel refuses
   */
  public static OwnedDescriptor open(Path path) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      int result = Libc.open(arena.allocateFrom(path.toString()), LinuxConstants.O_CLOEXEC);
      return new OwnedDescriptor(SystemCallException.check("open " + path, result));
    }
  }

  /** The descriptor's number, for as long as its owner keeps it open. */
  public int number() {
    int current = number.get();
    if (current == CLOSED) {
      throw new IllegalStateException("the descriptor is closed");
    }
    return current;
  }

  /** The file it refers to, as any process of this PID namespace can open it. */
  public Path path() {
    return Path.of("/proc", Long.toString(ProcessHandle.current().pid()), "fd", "" + number());
  }

  @Override
  public void close() {
    int current = number.getAndSet(CLOSED);
    if (current != CLOSED) {
      // Linux frees the number even if close reports an error, so there is nothing to repeat.
      var _ = Libc.close(current);
    }
  }
}
