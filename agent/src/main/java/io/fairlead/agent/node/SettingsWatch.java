package io.fairlead.agent.node;

import io.fairlead.dataplane.netlink.route.LinkSysctls;
import io.fairlead.dataplane.netlink.route.SysctlMonitor;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that somebody changed what {@link HostSettings} keeps. The kernel announces forwarding
 * that is switched off. It announces neither br_netfilter's settings nor that the module goes, and
 * files of /proc cannot be watched, so these two are read every ten seconds: two small reads, which
 * cost less than a packet.
 */
public final class SettingsWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SettingsWatch.class);
  private static final Duration PERIOD = Duration.ofSeconds(10);

  private final HostSettings settings;
  private final Runnable disturbed;
  private final long periodNanos;
  private final SysctlMonitor monitor;
  private final Thread reader;
  private volatile boolean closed;

  /** What was read last; of the reader alone once it runs. */
  private String before = "";

  private SettingsWatch(HostSettings settings, Duration period, Runnable disturbed)
      throws IOException {
    this.settings = settings;
    this.disturbed = disturbed;
    this.periodNanos = period.toNanos();
    this.reader = Thread.ofPlatform().daemon().name("settings-watch").unstarted(this::read);
    this.monitor = SysctlMonitor.start(new Forwarding());
  }

  /**
   * Starts in the calling thread's network namespace.
   *
   * @param disturbed called on a thread of the watch's, perhaps without need; must not block
   * @throws IOException if the kernel's events cannot be followed
   */
  public static SettingsWatch start(HostSettings settings, Runnable disturbed) throws IOException {
    return start(settings, PERIOD, disturbed);
  }

  static SettingsWatch start(HostSettings settings, Duration period, Runnable disturbed)
      throws IOException {
    SettingsWatch watch = new SettingsWatch(settings, period, disturbed);
    watch.before = settings.bridgeCalls();
    watch.reader.start();
    return watch;
  }

  /** Hears of forwarding. */
  private final class Forwarding implements SysctlMonitor.Listener {

    @Override
    public void changed(LinkSysctls now) {
      Integer forwarding = now.forwarding();
      if (now.index() == LinkSysctls.ALL && forwarding != null && forwarding == 0) {
        LOG.warn("Somebody switched off forwarding of {}", now.family().kubernetesName());
        disturbed.run();
      }
    }

    @Override
    public void overrun() {
      disturbed.run();
    }

    @Override
    public void problem(IOException cause) {
      LOG.error("Changes of kernel settings cannot be followed: {}", cause.getMessage());
    }
  }

  private void read() {
    while (!closed) {
      LockSupport.parkNanos(periodNanos);
      String now = settings.bridgeCalls();
      if (!now.equals(before)) {
        disturbed.run();
        before = now;
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(reader);
    monitor.close();
    try {
      reader.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
