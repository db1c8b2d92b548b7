package io.fairlead.dataplane.sys;

/** Error numbers of Linux (asm-generic/errno-base.h and errno.h, as on x86-64 and arm64). */
public final class Errno {

  public static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int ESRCH = 3;
  public static final int EINTR = 4;
  public static final int EIO = 5;
  public static final int EAGAIN = 11;
  public static final int ENOMEM = 12;
  public static final int EACCES = 13;
  public static final int EBUSY = 16;
  public static final int EEXIST = 17;
  public static final int EXDEV = 18;
  public static final int ENODEV = 19;
  public static final int EINVAL = 22;
  public static final int ENFILE = 23;
  public static final int EMFILE = 24;
  public static final int ENOSPC = 28;
  public static final int EPIPE = 32;
  public static final int ERANGE = 34;
  public static final int ERESTART = 85;
  public static final int EMSGSIZE = 90;
  public static final int EPROTONOSUPPORT = 93;
  public static final int EOPNOTSUPP = 95;
  public static final int EAFNOSUPPORT = 97;
  public static final int EADDRINUSE = 98;
  public static final int EADDRNOTAVAIL = 99;
  public static final int ENETDOWN = 100;
  public static final int ENETUNREACH = 101;
  public static final int ENOBUFS = 105;
  public static final int ECONNREFUSED = 111;
  public static final int EHOSTUNREACH = 113;
  public static final int EINPROGRESS = 115;

  private Errno() {}

  /** "ENOENT (no such object)", or "error 150" for a number without a name here. */
  public static String describe(int errno) {
    return switch (errno) {
      case EPERM -> "EPERM (operation not permitted)";
      case ENOENT -> "ENOENT (no such object)";
      case ESRCH -> "ESRCH (no such entry)";
      case EINTR -> "EINTR (interrupted)";
      case EIO -> "EIO (input/output error)";
      case EAGAIN -> "EAGAIN (try again)";
      case ENOMEM -> "ENOMEM (out of memory)";
      case EACCES -> "EACCES (permission denied)";
      case EBUSY -> "EBUSY (in use)";
      case EEXIST -> "EEXIST (exists already)";
      case EXDEV -> "EXDEV (another device)";
      case ENODEV -> "ENODEV (no such device)";
      case EINVAL -> "EINVAL (invalid argument)";
      case ENFILE -> "ENFILE (too many open files on this machine)";
      case EMFILE -> "EMFILE (too many open files in this process)";
      case ENOSPC -> "ENOSPC (no space)";
      case EPIPE -> "EPIPE (the peer has closed)";
      case ERANGE -> "ERANGE (out of range)";
      case ERESTART -> "ERESTART (changed by somebody else meanwhile)";
      case EMSGSIZE -> "EMSGSIZE (message too long)";
      case EPROTONOSUPPORT -> "EPROTONOSUPPORT (protocol not supported by this kernel)";
      case EOPNOTSUPP -> "EOPNOTSUPP (not supported)";
      case EAFNOSUPPORT -> "EAFNOSUPPORT (address family not supported by this kernel)";
      case EADDRINUSE -> "EADDRINUSE (address in use)";
      case EADDRNOTAVAIL -> "EADDRNOTAVAIL (no such address)";
      case ENETDOWN -> "ENETDOWN (network is down)";
      case ENETUNREACH -> "ENETUNREACH (network unreachable)";
      case ENOBUFS -> "ENOBUFS (no buffer space)";
      case ECONNREFUSED -> "ECONNREFUSED (nobody listens)";
      case EHOSTUNREACH -> "EHOSTUNREACH (no route to host)";
      case EINPROGRESS -> "EINPROGRESS (under way)";
      default -> "error " + errno;
    };
  }
}
