package io.fairlead.dataplane.netlink.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.AddressFamily;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SysctlMonitorKernelTest extends RouteKernelTestBase {

  private final LinkedBlockingQueue<LinkSysctls> changes = new LinkedBlockingQueue<>();
  private final List<IOException> problems = new ArrayList<>();

  private final SysctlMonitor.Listener listener =
      new SysctlMonitor.Listener() {
        @Override
        public void changed(LinkSysctls settings) {
          changes.add(settings);
        }

        @Override
        public void overrun() {}

        @Override
        public void problem(IOException cause) {
          problems.add(cause);
        }
      };

  private void await(AddressFamily family, int index, int forwarding) throws InterruptedException {
    List<LinkSysctls> seen = new ArrayList<>();
    while (true) {
      LinkSysctls change = changes.poll(20, TimeUnit.SECONDS);
      assertThat(change).as("forwarding of " + family + " among " + seen).isNotNull();
      if (change.equals(new LinkSysctls(family, index, forwarding, change.reversePathFilter()))) {
        return;
      }
      seen.add(change);
    }
  }

  private void awaitFilter(int index, int value) throws InterruptedException {
    List<LinkSysctls> seen = new ArrayList<>();
    while (true) {
      LinkSysctls change = changes.poll(20, TimeUnit.SECONDS);
      assertThat(change).as("rp_filter among " + seen).isNotNull();
      Integer filter = change.reversePathFilter();
      if (change.index() == index && filter != null && filter == value) {
        return;
      }
      seen.add(change);
    }
  }

  @Test
  @DisplayName("forwarding and reverse path filtering that others change are told")
  void tells() throws Exception {
    int link = bridge("br0", "192.0.2.1/24");
    try (SysctlMonitor _ = namespace.call(() -> SysctlMonitor.start(listener))) {
      for (int value : new int[] {1, 0}) {
        namespace.run("sysctl", "-qw", "net.ipv4.ip_forward=" + value);
        await(AddressFamily.IPV4, LinkSysctls.ALL, value);
        namespace.run("sysctl", "-qw", "net.ipv6.conf.all.forwarding=" + value);
        await(AddressFamily.IPV6, LinkSysctls.ALL, value);
      }
      namespace.run("sysctl", "-qw", "net.ipv4.conf.br0.forwarding=1");
      await(AddressFamily.IPV4, link, 1);
      namespace.run("sysctl", "-qw", "net.ipv4.conf.br0.rp_filter=2");
      awaitFilter(link, 2);
      namespace.run("sysctl", "-qw", "net.ipv4.conf.default.rp_filter=2");
      awaitFilter(LinkSysctls.DEFAULT, 2);
    }
    assertThat(problems).isEmpty();
  }
}
