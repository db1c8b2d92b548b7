package io.fairlead.dataplane.netlink;

import static io.fairlead.dataplane.netlink.NetlinkConstants.NETLINK_ROUTE;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.testing.OpenDescriptors;
import io.fairlead.dataplane.testing.TestNamespace;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Several who listen to the same groups. */
class NetlinkMonitorKernelTest {

  private static final int RTM_NEWLINK = 16;
  private static final int RTNLGRP_LINK = 1;

  private final OpenDescriptors descriptors = OpenDescriptors.now();
  private TestNamespace namespace;

  @BeforeEach
  void open() throws Exception {
    namespace = TestNamespace.create("netlink-monitor");
  }

  @AfterEach
  void close() throws Exception {
    namespace.close();
    descriptors.assertNoneAdded();
  }

  /** Takes down which thread told of which message, and fails where it is told to. */
  private static final class Recorder implements NetlinkMonitor.Listener {

    private final BlockingQueue<Thread> heard = new LinkedBlockingQueue<>();
    private final BlockingQueue<IOException> problems = new LinkedBlockingQueue<>();
    private final boolean failing;

    Recorder(boolean failing) {
      this.failing = failing;
    }

    @Override
    public void message(NetlinkMessage message) {
      if (failing) {
        throw new IllegalStateException("it does not understand");
      }
      if (message.type() == RTM_NEWLINK) {
        heard.add(Thread.currentThread());
      }
    }

    @Override
    public void overrun() {}

    @Override
    public void problem(IOException cause) {
      problems.add(cause);
    }

    Thread next() throws InterruptedException {
      Thread thread = heard.poll(20, TimeUnit.SECONDS);
      assertThat(thread).as("the thread that told of a link").isNotNull();
      return thread;
    }
  }

  private NetlinkMonitor monitor(TestNamespace where, Recorder recorder) throws Exception {
    return where.call(() -> NetlinkMonitor.start("monitor", NETLINK_ROUTE, recorder, RTNLGRP_LINK));
  }

  private void addBridge(String name) throws Exception {
    namespace.run("ip", "link", "add", name, "type", "bridge");
  }

  @Test
  @DisplayName("One thread tells all; one that fails, or ends, is in nobody's way")
  void shared() throws Exception {
    Recorder failing = new Recorder(true);
    Recorder first = new Recorder(false);
    Recorder second = new Recorder(false);
    NetlinkMonitor unheard = monitor(namespace, failing);
    NetlinkMonitor left = monitor(namespace, first);
    try (NetlinkMonitor _ = monitor(namespace, second)) {
      addBridge("br0");
      Thread thread = first.next();
      assertThat(second.next()).isSameAs(thread);
      assertThat(failing.problems.poll(20, TimeUnit.SECONDS)).isNotNull();

      unheard.close();
      left.close();
      left.close(); // Twice is once.
      first.heard.clear();
      second.heard.clear();
      addBridge("br1");
      assertThat(second.next()).isSameAs(thread);
      assertThat(first.heard).isEmpty();
    }
  }

  @Test
  @DisplayName("After the last one has gone, the next one hears again")
  void reopened() throws Exception {
    Recorder first = new Recorder(false);
    monitor(namespace, first).close();
    Recorder second = new Recorder(false);
    try (NetlinkMonitor _ = monitor(namespace, second)) {
      addBridge("br0");
      second.next();
      assertThat(first.heard).isEmpty();
    }
  }

  @Test
  @DisplayName("Another namespace's changes are another monitor's")
  void namespaces() throws Exception {
    Recorder here = new Recorder(false);
    Recorder there = new Recorder(false);
    try (TestNamespace other = TestNamespace.create("netlink-monitor-other");
        NetlinkMonitor _ = monitor(namespace, here);
        NetlinkMonitor _ = monitor(other, there)) {
      addBridge("br0");
      here.next();
      assertThat(there.heard).isEmpty();
    }
  }
}
