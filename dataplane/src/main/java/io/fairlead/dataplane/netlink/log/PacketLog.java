package io.fairlead.dataplane.netlink.log;

import static io.fairlead.dataplane.netlink.NetlinkConstants.NETLINK_NETFILTER;
import static io.fairlead.dataplane.netlink.log.LogConstants.MSG_CONFIG;
import static io.fairlead.dataplane.netlink.log.LogConstants.MSG_PACKET;

import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import io.fairlead.dataplane.netlink.NetlinkMonitor;
import io.fairlead.dataplane.netlink.NetlinkSocket;
import io.fairlead.dataplane.sys.Errno;
import java.io.IOException;

/**
 * Reads the packets that rules report to a group, on a thread of its own, until it is closed. A
 * group has one reader: it is another's only when this is closed.
 */
public final class PacketLog implements AutoCloseable {

  /** As much of each packet as holds its headers. */
  public static final int RANGE = 128;

  /** Room for some thousand packets. */
  private static final int RECEIVE_BUFFER = 2 << 20;

  /** Told what happens, always on the log's thread. */
  public interface Listener {

    /** A packet. */
    void packet(LoggedPacket packet);

    /**
     * Packets came faster than they were read.
     *
     * @param packets how many are missing before the next packet
     */
    void lost(long packets);

    /** A packet could not be understood, or the socket failed for good. */
    void problem(IOException cause);
  }

  private final NetlinkMonitor monitor;

  private PacketLog(NetlinkMonitor monitor) {
    this.monitor = monitor;
  }

  /**
   * Becomes the reader of a group in the calling thread's network namespace.
   *
   * @param group 0 to 65535
   * @throws IOException if another process reads the group, or this kernel has no such log
   */
  public static PacketLog open(int group, Listener listener) throws IOException {
    return open(group, RECEIVE_BUFFER, listener);
  }

  /** As above, with room for {@code receiveBuffer} bytes of packets that wait. */
  static PacketLog open(int group, int receiveBuffer, Listener listener) throws IOException {
    NetlinkSocket socket = NetlinkSocket.open(NETLINK_NETFILTER);
    try {
      configure(socket, group);
      return new PacketLog(
          NetlinkMonitor.takeOver("packet-log", socket, receiveBuffer, new Reader(listener)));
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static void configure(NetlinkSocket socket, int group) throws IOException {
    try {
      socket.request(
          "bind NFLOG group " + group,
          MSG_CONFIG,
          0,
          writer -> LogMessages.writeBind(writer, group));
    } catch (NetlinkException e) {
      throw explained(group, e);
    }
    socket.request(
        "configure NFLOG group " + group,
        MSG_CONFIG,
        0,
        writer -> LogMessages.writeMode(writer, group, RANGE));
  }

  private static IOException explained(int group, NetlinkException refusal) {
    return switch (refusal.errno()) {
      // The kernel says EPERM of a group that another socket holds, although that is permitted.
      case Errno.EBUSY, Errno.EPERM ->
          new IOException(
              ("another process reads NFLOG group %d, so denied packets are not reported here; find"
                      + " it in /proc/net/netfilter/nfnetlink_log (the second column is its netlink"
                      + " port, often its process id) and end it")
                  .formatted(group),
              refusal);
      case Errno.EINVAL, Errno.EOPNOTSUPP ->
          new IOException(
              "this kernel does not report packets; load the kernel module nfnetlink_log (modprobe"
                  + " nfnetlink_log) or run a kernel that is built with it",
              refusal);
      default -> refusal;
    };
  }

  /** Ends the thread and waits for it; then another may read the group. */
  @Override
  public void close() {
    monitor.close();
  }

  /** Tells packets from other messages, and notices gaps. */
  static final class Reader implements NetlinkMonitor.Listener {

    private final Listener listener;
    private int expected;
    private boolean begun;

    Reader(Listener listener) {
      this.listener = listener;
    }

    @Override
    public void message(NetlinkMessage message) throws IOException {
      if (message.type() != MSG_PACKET) {
        return; // The end of what was sent together.
      }
      LoggedPacket packet = LogDecoder.decode(message);
      int missing = packet.sequence() - expected;
      if (begun && missing > 0) {
        listener.lost(missing);
      }
      begun = true;
      expected = packet.sequence() + 1;
      listener.packet(packet);
    }

    /** The gap before the next packet says how many. */
    @Override
    public void overrun() {}

    @Override
    public void problem(IOException cause) {
      listener.problem(cause);
    }
  }
}
