package io.fairlead.dataplane.sys;

import java.io.IOException;

/** A system call that failed: which one, on what, and the errno. */
public final class SystemCallException extends IOException {

  private final int errno;

  SystemCallException(String operation, int errno) {
    super(operation + ": " + Errno.describe(errno));
    this.errno = errno;
  }

  /** A constant of {@link Errno}. */
  public int errno() {
    return errno;
  }

  /** {@code result} unless it is a negated errno. */
  static int check(String operation, int result) throws SystemCallException {
    if (result < 0) {
      throw new SystemCallException(operation, -result);
    }
    return result;
  }

  /** {@code result} unless it is a negated errno. */
  static long check(String operation, long result) throws SystemCallException {
    if (result < 0) {
      throw new SystemCallException(operation, (int) -result);
    }
    return result;
  }
}
