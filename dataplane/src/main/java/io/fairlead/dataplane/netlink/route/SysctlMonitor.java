package io.fairlead.dataplane.netlink.route;

import static io.fairlead.dataplane.netlink.NetlinkConstants.NETLINK_ROUTE;
import static io.fairlead.dataplane.netlink.route.RouteConstants.*;

import io.fairlead.dataplane.netlink.NetlinkMessage;
import io.fairlead.dataplane.netlink.NetlinkMonitor;
import io.fairlead.dataplane.sys.SystemCallException;
import java.io.IOException;

/**
 * Tells of changes to forwarding and reverse path filtering in one network namespace, which are the
 * only sysctls that the kernel announces. Thread-safe.
 */
public final class SysctlMonitor implements AutoCloseable {

  /** Told what happens, always on the monitor's thread; must not block for long. */
  public interface Listener {

    /** Settings are now like this. */
    void changed(LinkSysctls settings);

    /** Events were dropped: read the settings anew. */
    void overrun();

    /** A message was not understood, or the monitor has ended because its socket failed. */
    void problem(IOException cause);
  }

  private final NetlinkMonitor monitor;

  private SysctlMonitor(NetlinkMonitor monitor) {
    this.monitor = monitor;
  }

  /**
   * Starts in the calling thread's network namespace. From the moment this returns no change goes
   * unnoticed.
   */
  public static SysctlMonitor start(Listener listener) throws SystemCallException {
    NetlinkMonitor.Listener messages =
        new NetlinkMonitor.Listener() {
          @Override
          public void message(NetlinkMessage message) throws IOException {
            LinkSysctls settings = LinkSysctlsCodec.decode(message);
            if (settings != null) {
              listener.changed(settings);
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
        };
    return new SysctlMonitor(
        NetlinkMonitor.start(
            "sysctl-monitor", NETLINK_ROUTE, messages, RTNLGRP_IPV4_NETCONF, RTNLGRP_IPV6_NETCONF));
  }

  @Override
  public void close() {
    monitor.close();
  }
}
