package io.fairlead.dataplane.netlink.nftables;

import io.fairlead.dataplane.netlink.NetlinkConstants;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import io.fairlead.dataplane.netlink.NetlinkMonitor;
import io.fairlead.dataplane.sys.SystemCallException;
import java.io.IOException;
import java.util.Collection;

/**
 * Watches what anybody changes in some tables, or in all, on a thread of its own until it is
 * closed. The events of a transaction come together, after it took effect, and {@link
 * NfEvent.NewGeneration} follows them.
 */
public final class NfTablesMonitor implements AutoCloseable {

  /** enum nfnetlink_groups of linux/netfilter/nfnetlink.h. */
  private static final int NFNLGRP_NFTABLES = 7;

  /** Told what happens, always on the monitor's thread. */
  public interface Listener {

    /**
     * Whether to be told what the socket of this number changes. What is not wanted, such as one's
     * own changes, costs nothing then. Generations are told in any case.
     */
    default boolean hears(int port) {
      return true;
    }

    /**
     * Something changed.
     *
     * @param port the number of the socket that did it
     */
    void event(NfEvent event, int port);

    /** Events were dropped since the last one: read the state anew. */
    void overrun();

    /** An event could not be understood, or the socket failed for good. */
    void problem(IOException cause);
  }

  private final NetlinkMonitor monitor;

  private NfTablesMonitor(NetlinkMonitor monitor) {
    this.monitor = monitor;
  }

  /**
   * Subscribes in the calling thread's network namespace.
   *
   * @param tables those to watch; none means all. Generations are reported in any case
   */
  public static NfTablesMonitor start(String name, Collection<TableName> tables, Listener listener)
      throws SystemCallException {
    return new NfTablesMonitor(
        NetlinkMonitor.start(
            name,
            NetlinkConstants.NETLINK_NETFILTER,
            new Adapter(new EventDecoder(tables), listener),
            NFNLGRP_NFTABLES));
  }

  @Override
  public void close() {
    monitor.close();
  }

  private record Adapter(EventDecoder decoder, Listener listener)
      implements NetlinkMonitor.Listener {

    @Override
    public void message(NetlinkMessage message) throws IOException {
      if (!NfMessages.isGeneration(message) && !listener.hears(message.port())) {
        return;
      }
      NfEvent event = decoder.decode(message);
      message.requireWellFormed();
      if (event != null) {
        listener.event(event, message.port());
      }
    }

    @Override
    public void overrun() {
      listener.overrun();
    }

    @Override
    public void problem(IOException cause) {
      listener.problem(cause);
    }
  }
}
