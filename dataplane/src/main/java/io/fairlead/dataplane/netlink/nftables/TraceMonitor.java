package io.fairlead.dataplane.netlink.nftables;

import io.fairlead.dataplane.netlink.NetlinkConstants;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import io.fairlead.dataplane.netlink.NetlinkMonitor;
import io.fairlead.dataplane.sys.SystemCallException;
import java.io.IOException;

/**
 * Hears the steps of traced packets, whoever asked for their tracing, on a thread of its own until
 * it is closed. Changes of the ruleset are told, too, each after the steps that came before it.
 */
public final class TraceMonitor implements AutoCloseable {

  /** enum nfnetlink_groups of linux/netfilter/nfnetlink.h. */
  private static final int NFNLGRP_NFTABLES = 7;

  private static final int NFNLGRP_NFTRACE = 9;

  /** Told what happens, always on the monitor's thread. */
  public interface Listener {

    /** A packet met a rule, or came to the end of a chain. */
    void step(TraceEvent event);

    /**
     * The ruleset was changed.
     *
     * @param port the number of the socket that did it
     */
    void changed(int port);

    /** Steps were dropped since the last one. */
    void overrun();

    /** A message could not be understood, or the socket failed for good. */
    void problem(IOException cause);
  }

  private final NetlinkMonitor monitor;

  private TraceMonitor(NetlinkMonitor monitor) {
    this.monitor = monitor;
  }

  /** Subscribes in the calling thread's network namespace. */
  public static TraceMonitor start(String name, Listener listener) throws SystemCallException {
    return new TraceMonitor(
        NetlinkMonitor.start(
            name,
            NetlinkConstants.NETLINK_NETFILTER,
            new Adapter(listener),
            NFNLGRP_NFTRACE,
            NFNLGRP_NFTABLES));
  }

  @Override
  public void close() {
    monitor.close();
  }

  private record Adapter(Listener listener) implements NetlinkMonitor.Listener {

    @Override
    public void message(NetlinkMessage message) throws IOException {
      if (NfMessages.isGeneration(message)) {
        listener.changed(message.port());
        return;
      }
      TraceEvent event = TraceCodec.read(message);
      message.requireWellFormed();
      if (event != null) {
        listener.step(event);
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
