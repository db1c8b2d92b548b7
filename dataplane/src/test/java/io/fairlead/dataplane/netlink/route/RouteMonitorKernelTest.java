package io.fairlead.dataplane.netlink.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RouteMonitorKernelTest extends RouteKernelTestBase {

  private final LinkedBlockingQueue<RouteEvent> events = new LinkedBlockingQueue<>();
  private final List<IOException> problems = new ArrayList<>();

  private void await(String text) throws InterruptedException {
    List<RouteEvent> seen = new ArrayList<>();
    while (true) {
      RouteEvent event = events.poll(5, TimeUnit.SECONDS);
      assertThat(event).as("\"" + text + "\" among " + seen).isNotNull();
      seen.add(event);
      if (event.toString().contains(text)) {
        return;
      }
    }
  }

  @Test
  void tellsWhatOthersDo() throws Exception {
    try (RouteMonitor _ = namespace.call(() -> RouteMonitor.start(events::add, problems::add))) {
      namespace.run("ip", "link", "add", "br0", "type", "bridge");
      await(" br0 down mtu 1500");
      namespace.run("ip", "link", "set", "br0", "up");
      await(" br0 up mtu 1500");
      namespace.run("ip", "addr", "add", "192.0.2.1/24", "dev", "br0");
      await("changed address 192.0.2.1/24 dev 2");
      namespace.run("ip", "route", "add", "10.1.0.0/16", "via", "192.0.2.2", "proto", "102");
      await("changed route 10.1.0.0/16 via 192.0.2.2 dev 2 proto 102");
      namespace.run("ip", "-6", "route", "add", "fd00:9::/64", "dev", "br0", "proto", "102");
      await("changed route fd00:9::/64 dev 2 proto 102");
      namespace.run("ip", "rule", "add", "from", "10.0.0.0/8", "table", "99", "priority", "7");
      await("changed rule IPv4 priority 7 from 10.0.0.0/8 table 99");
      namespace.run("ip", "neigh", "add", "192.0.2.7", "lladdr", "0a:00:00:00:00:07", "dev", "br0");
      await("changed neighbour 192.0.2.7 dev 2 mac 0a:00:00:00:00:07 permanent");
      namespace.run("ip", "neigh", "del", "192.0.2.7", "dev", "br0");
      await("deleted neighbour 192.0.2.7 dev 2");
      namespace.run("ip", "rule", "del", "priority", "7");
      await("deleted rule IPv4 priority 7");
      namespace.run("ip", "route", "del", "10.1.0.0/16");
      await("deleted route 10.1.0.0/16 via 192.0.2.2 dev 2");
      namespace.run("ip", "link", "add", "name", "a", "type", "veth", "peer", "name", "c");
      namespace.run("ip", "link", "set", "dev", "a", "master", "br0");
      namespace.run("bridge", "fdb", "add", "0a:00:00:00:00:08", "dev", "a", "master", "static");
      await("changed forwarding 0a:00:00:00:00:08");
      namespace.run("ip", "link", "set", "dev", "a", "nomaster");
      await("deleted forwarding 0a:00:00:00:00:08");
      namespace.run("ip", "link", "del", "br0");
      await("deleted link 2 br0");
    }
    assertThat(problems).isEmpty();
  }
}
