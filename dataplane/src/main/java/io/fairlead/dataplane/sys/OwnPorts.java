package io.fairlead.dataplane.sys;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/**
 * The numbers of this process's netlink sockets, by which the kernel's messages tell who caused
 * them: of those that are open, and of those that were closed last, since messages come later.
 * Thread-safe.
 */
public final class OwnPorts {

  /** So many that were closed are remembered. */
  private static final int MOST_CLOSED = 256;

  private static final Set<Long> OPEN = new HashSet<>();
  private static final Deque<Long> CLOSED = new ArrayDeque<>();

  private OwnPorts() {}

  /**
   * Whether a socket of this process has, or had a short time ago, this number.
   *
   * @param protocol a NETLINK_ constant of linux/netlink.h
   */
  public static boolean contains(int protocol, int port) {
    Long id = id(protocol, port);
    synchronized (OPEN) {
      return OPEN.contains(id) || CLOSED.contains(id);
    }
  }

  static void opened(int protocol, int port) {
    synchronized (OPEN) {
      OPEN.add(id(protocol, port));
    }
  }

  static void closed(int protocol, int port) {
    Long id = id(protocol, port);
    synchronized (OPEN) {
      if (OPEN.remove(id)) {
        CLOSED.addLast(id);
        if (CLOSED.size() > MOST_CLOSED) {
          CLOSED.removeFirst();
        }
      }
    }
  }

  private static Long id(int protocol, int port) {
    return (long) protocol << Integer.SIZE | Integer.toUnsignedLong(port);
  }
}
