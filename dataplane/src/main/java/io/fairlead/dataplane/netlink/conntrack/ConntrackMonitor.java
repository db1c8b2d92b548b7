package io.fairlead.dataplane.netlink.conntrack;

import static io.fairlead.dataplane.netlink.NetlinkConstants.NETLINK_NETFILTER;
import static io.fairlead.dataplane.netlink.conntrack.ConntrackConstants.CT_NEW;
import static io.fairlead.dataplane.netlink.conntrack.ConntrackConstants.NFNLGRP_CONNTRACK_NEW;

import io.fairlead.dataplane.netlink.NetlinkMessage;
import io.fairlead.dataplane.netlink.NetlinkMonitor;
import io.fairlead.dataplane.sys.SystemCallException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Tells of each flow that the kernel begins to remember: its first packet has passed all rules, and
 * its addresses have been translated. The kernel announces flows only while somebody listens, and
 * each of them costs it a message, so close this when nobody looks. Thread-safe.
 */
public final class ConntrackMonitor implements AutoCloseable {

  /** The setting that lets the kernel announce flows: 0 never, 1 always, 2 while one listens. */
  private static final Path SETTING = Path.of("/proc/sys/net/netfilter/nf_conntrack_events");

  /** Told what happens, always on the monitor's thread; must not block for long. */
  public interface Listener {

    /** A flow began. */
    void began(ConntrackEntry entry);

    /** Flows began faster than they were read. */
    void overrun();

    /** A message was not understood, or the monitor has ended because its socket failed. */
    void problem(IOException cause);
  }

  private final NetlinkMonitor monitor;

  private ConntrackMonitor(NetlinkMonitor monitor) {
    this.monitor = monitor;
  }

  /**
   * Starts in the calling thread's network namespace. Every flow that begins from now on is told,
   * if the kernel announces them at all: see {@link #obstacle}.
   */
  public static ConntrackMonitor start(Listener listener) throws SystemCallException {
    return new ConntrackMonitor(
        NetlinkMonitor.start(
            "conntrack-monitor", NETLINK_NETFILTER, new Decoding(listener), NFNLGRP_CONNTRACK_NEW));
  }

  /**
   * Why the kernel announces no flows in the calling thread's network namespace, and the mend, as a
   * sentence without a full stop; empty if it does.
   */
  public static Optional<String> obstacle() {
    return obstacle(SETTING);
  }

  static Optional<String> obstacle(Path setting) {
    try {
      return Files.readString(setting).strip().equals("0")
          ? Optional.of(
              "the kernel announces no connections, since net.netfilter.nf_conntrack_events is 0;"
                  + " set it: sysctl -w net.netfilter.nf_conntrack_events=1")
          : Optional.empty();
    } catch (IOException e) {
      return Optional.of(
          "the kernel announces no connections, since there is no "
              + setting
              + "; load the module nf_conntrack, or run a kernel that is built with"
              + " CONFIG_NF_CONNTRACK_EVENTS");
    }
  }

  private record Decoding(Listener listener) implements NetlinkMonitor.Listener {

    @Override
    public void message(NetlinkMessage message) throws IOException {
      if (message.type() == CT_NEW) {
        listener.began(ConntrackDecoder.decode(message));
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

  @Override
  public void close() {
    monitor.close();
  }
}
