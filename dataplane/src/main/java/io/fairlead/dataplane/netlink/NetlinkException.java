package io.fairlead.dataplane.netlink;

import io.fairlead.dataplane.sys.Errno;
import java.io.IOException;

/** The kernel refused a request. */
public final class NetlinkException extends IOException {

  private final String operation;
  private final int errno;
  private final String kernelText;
  private final int offset;
  private final int sequence;

  /**
   * Describes a refusal.
   *
   * @param operation what was asked, for example "add route 10.244.2.0/24"
   * @param errno a constant of {@link Errno}
   * @param kernelText the kernel's own words (extended acknowledgement), or empty
   * @param offset the byte of the request that the kernel objects to, or -1
   * @param sequence the request's sequence number
   */
  public NetlinkException(
      String operation, int errno, String kernelText, int offset, int sequence) {
    super(
        operation
            + ": "
            + Errno.describe(errno)
            + (kernelText.isEmpty() ? "" : "; the kernel says: " + kernelText));
    this.operation = operation;
    this.errno = errno;
    this.kernelText = kernelText;
    this.offset = offset;
    this.sequence = sequence;
  }

  public String operation() {
    return operation;
  }

  /** A constant of {@link Errno}. */
  public int errno() {
    return errno;
  }

  /** The kernel's own words, or empty. */
  public String kernelText() {
    return kernelText;
  }

  /** The byte of the request that the kernel objects to, or -1. */
  public int offset() {
    return offset;
  }

  public int sequence() {
    return sequence;
  }

  /** The object to change, delete or read is not there. */
  public boolean isNotFound() {
    return errno == Errno.ENOENT
        || errno == Errno.ENODEV
        || errno == Errno.ESRCH
        || errno == Errno.EADDRNOTAVAIL;
  }

  /** The object to create is there. */
  public boolean isExisting() {
    return errno == Errno.EEXIST;
  }

  /** The object is in use. */
  public boolean isBusy() {
    return errno == Errno.EBUSY;
  }

  /** This process may not do it: it lacks NET_ADMIN. */
  public boolean isForbidden() {
    return errno == Errno.EPERM || errno == Errno.EACCES;
  }

  /** This kernel cannot do it. */
  public boolean isUnsupported() {
    return errno == Errno.EOPNOTSUPP
        || errno == Errno.EPROTONOSUPPORT
        || errno == Errno.EAFNOSUPPORT;
  }

  /**
   * The kernel dropped what it wanted to tell us: whether the request took effect is unknown, and
   * the caller must read the state again.
   */
  public boolean isLost() {
    return errno == Errno.ENOBUFS;
  }
}
