package io.fairlead.dataplane.sys;

import static io.fairlead.dataplane.sys.LinuxConstants.AF_NETLINK;
import static io.fairlead.dataplane.sys.LinuxConstants.ETHTOOL_GTXCSUM;
import static io.fairlead.dataplane.sys.LinuxConstants.ETHTOOL_STXCSUM;
import static io.fairlead.dataplane.sys.LinuxConstants.SIOCETHTOOL;
import static io.fairlead.dataplane.sys.LinuxConstants.SOCK_CLOEXEC;
import static io.fairlead.dataplane.sys.LinuxConstants.SOCK_RAW;
import static io.fairlead.dataplane.sys.SystemCallException.check;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * What links of one network namespace leave to their device: {@code ethtool -K LINK tx on|off}. By
 * ioctl (linux/ethtool.h), because the kernels that need it are older than the netlink family of
 * ethtool. Not thread-safe.
 */
public final class LinkOffload implements AutoCloseable {

  /** IFNAMSIZ of linux/if.h, with the NUL. */
  private static final int NAME_SIZE = 16;

  /** struct ifreq: the name and a union of 24 bytes. */
  private static final int REQUEST_SIZE = 40;

  private final OwnedDescriptor socket;

  private LinkOffload(OwnedDescriptor socket) {
    this.socket = socket;
  }

  /** For the calling thread's network namespace, whichever thread uses it from then on. */
  public static LinkOffload open() throws SystemCallException {
    // The request is the same on a socket of any family; this one needs no protocol of its own.
    int number =
        check("open netlink socket 0", Libc.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 0));
    return new LinkOffload(new OwnedDescriptor(number));
  }

  /**
   * Whether checksums of what the link sends are computed behind it (feature tx-checksum-*).
   *
   * @throws SystemCallException with ENODEV if there is no such link
   */
  public boolean transmitChecksum(String link) throws SystemCallException {
    return request(link, ETHTOOL_GTXCSUM, 0, "read the offloads of " + link) != 0;
  }

  /** Lets the device compute checksums of what the link sends, or the kernel before it. */
  public void setTransmitChecksum(String link, boolean on) throws SystemCallException {
    request(link, ETHTOOL_STXCSUM, on ? 1 : 0, "set the offloads of " + link);
  }

  private int request(String link, int command, int value, String operation)
      throws SystemCallException {
    byte[] name = link.getBytes(StandardCharsets.UTF_8);
    if (name.length >= NAME_SIZE) {
      throw new IllegalArgumentException("no link has a name as long as " + link);
    }
    try (Arena arena = Arena.ofConfined()) {
      // struct ethtool_value of linux/ethtool.h: u32 cmd, u32 data.
      MemorySegment data = arena.allocate(8, 4);
      data.set(ValueLayout.JAVA_INT, 0, command);
      data.set(ValueLayout.JAVA_INT, 4, value);
      MemorySegment request = arena.allocate(REQUEST_SIZE, 8);
      MemorySegment.copy(name, 0, request, ValueLayout.JAVA_BYTE, 0, name.length);
      request.set(ValueLayout.ADDRESS, NAME_SIZE, data);
      check(operation, Libc.ioctl(socket.number(), SIOCETHTOOL, request));
      return data.get(ValueLayout.JAVA_INT, 4);
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
