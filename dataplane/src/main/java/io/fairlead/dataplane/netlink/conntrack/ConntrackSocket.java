package io.fairlead.dataplane.netlink.conntrack;

import static io.fairlead.dataplane.netlink.NetlinkConstants.NETLINK_NETFILTER;
import static io.fairlead.dataplane.netlink.conntrack.ConntrackConstants.CTA_STATS_GLOBAL_ENTRIES;
import static io.fairlead.dataplane.netlink.conntrack.ConntrackConstants.CT_DELETE;
import static io.fairlead.dataplane.netlink.conntrack.ConntrackConstants.CT_GET;
import static io.fairlead.dataplane.netlink.conntrack.ConntrackConstants.CT_GET_STATS;
import static io.fairlead.dataplane.netlink.conntrack.ConntrackConstants.HEADER_LENGTH;

import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.NetlinkBatch;
import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import io.fairlead.dataplane.netlink.NetlinkSocket;
import io.fairlead.dataplane.sys.Errno;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The table of flows of the network namespace that the socket was opened in. */
public final class ConntrackSocket implements ConntrackKernel {

  private final NetlinkSocket socket;

  private ConntrackSocket(NetlinkSocket socket) {
    this.socket = socket;
  }

  /**
   * Opens a socket in the calling thread's network namespace and asks it one question, so that what
   * is missing shows now.
   *
   * @throws IOException naming the kernel module or the capability that is missing
   */
  public static ConntrackSocket open() throws IOException {
    ConntrackSocket conntrack = new ConntrackSocket(NetlinkSocket.open(NETLINK_NETFILTER));
    try {
      conntrack.count();
      return conntrack;
    } catch (IOException e) {
      conntrack.close();
      throw e;
    }
  }

  @Override
  public void dump(ConntrackFilter filter, Handler handler) throws IOException {
    socket.dump(
        "list connection tracking entries",
        CT_GET,
        writer -> ConntrackMessages.writeDump(writer, filter),
        message -> {
          ConntrackEntry entry = ConntrackDecoder.decode(message);
          if (filter.matches(entry)) {
            handler.entry(entry);
          }
          return null;
        });
  }

  @Override
  public int delete(Collection<ConntrackEntry> entries) throws IOException {
    NetlinkBatch batch = socket.batch();
    for (ConntrackEntry entry : entries) {
      batch.add(
          new Deletion(entry),
          CT_DELETE,
          0,
          writer -> ConntrackMessages.writeDelete(writer, entry));
    }
    List<NetlinkBatch.Failure> failures = batch.execute();
    NetlinkException first = null;
    for (NetlinkBatch.Failure failure : failures) {
      if (failure.cause().isNotFound()) {
        continue;
      }
      if (first == null) {
        first = failure.cause();
      } else {
        first.addSuppressed(failure.cause());
      }
    }
    if (first != null) {
      throw first;
    }
    return batch.size() - failures.size();
  }

  /** Text that is made only if it is needed. */
  private record Deletion(ConntrackEntry entry) {
    @Override
    public String toString() {
      return "delete the connection tracking entry " + entry;
    }
  }

  @Override
  public long count() throws IOException {
    try {
      return socket
          .query(
              "count connection tracking entries",
              CT_GET_STATS,
              0,
              ConntrackMessages::writeCount,
              ConntrackSocket::entries)
          .getFirst();
    } catch (NetlinkException e) {
      if (e.errno() == Errno.EINVAL) {
        throw new IOException(
            "this kernel does not let us read its connection tracking table; load the kernel"
                + " module nf_conntrack_netlink (modprobe nf_conntrack_netlink) or run a kernel"
                + " that is built with it",
            e);
      }
      throw e;
    }
  }

  private static @Nullable Long entries(NetlinkMessage message) {
    AttributeReader attributes = message.attributes(HEADER_LENGTH);
    while (attributes.next()) {
      if (attributes.type() == CTA_STATS_GLOBAL_ENTRIES) {
        return Integer.toUnsignedLong(attributes.u32Be());
      }
    }
    return null;
  }

  @Override
  public void close() {
    socket.close();
  }
}
