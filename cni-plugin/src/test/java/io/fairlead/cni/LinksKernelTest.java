package io.fairlead.cni;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.cni.attach.BridgeNetwork;
import io.fairlead.cni.protocol.AttachmentKey;
import io.fairlead.dataplane.netlink.route.RouteEvent;
import io.fairlead.dataplane.netlink.route.RouteSocket;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Links that others rename, and indexes that foreign links have by now. */
class LinksKernelTest extends CniServiceKernelTestBase {

  private static final String PORT = BridgeNetwork.hostName(new AttachmentKey("n", "a", "eth0"));

  @Test
  @DisplayName("a pod's link that is renamed is told of and gets its name back (faults 39)")
  void renamedPort() throws Exception {
    assertDone(add("a"));
    host.run("ip", "link", "set", PORT, "name", "mine");
    try (RouteSocket kernel = openIn(host)) {
      assertThat(
              service.isDisturbedBy(
                  new RouteEvent.Changed(Objects.requireNonNull(kernel.link("mine")))))
          .isTrue();
    }
    assertThat(service.compare().differences())
        .anySatisfy(one -> {
          assertThat(one.wanted()).isEqualTo(PORT);
          assertThat(one.found()).isEqualTo("mine");
        });
    assertThat(configure("10.1.0.0/24", "fd00:1::/64")).hasSize(3);
    assertThat(host.run("ip", "-br", "link", "show", "dev", PORT)).contains("UP");
    assertThat(service.compare().differences()).isEmpty();
    assertThat(pod.run("ping", "-c1", "-W5", "10.1.0.1")).contains("1 received");
    assertThat(configure("10.1.0.0/24", "fd00:1::/64")).isEmpty();
    assertDone(request("DEL", "a", "eth0", CONFIG));
    assertNoPod();
  }

  @Test
  @DisplayName("where the name is taken, nothing is done again and again (faults 39)")
  void nameTaken() throws Exception {
    assertDone(add("a"));
    host.run("ip", "link", "set", PORT, "name", "mine");
    host.run("ip", "link", "add", PORT, "type", "bridge");
    assertThat(configure("10.1.0.0/24", "fd00:1::/64")).isEmpty();
    assertThat(service.compare().differences()).isNotEmpty();
    host.run("ip", "link", "delete", PORT);
    assertThat(configure("10.1.0.0/24", "fd00:1::/64")).hasSize(3);
  }

  @Test
  @DisplayName("a pod never joins a foreign bridge that has the index of ours (faults 39)")
  void foreignBridge() throws Exception {
    String index = host.run("ip", "-o", "link", "show", "fairlead0").split(":", 2)[0];
    host.run("ip", "link", "delete", "fairlead0");
    host.run("ip", "link", "add", "foreign", "index", index, "type", "bridge");
    assertDone(add("a"));
    assertThat(host.run("ip", "link", "show", "master", "foreign")).isEmpty();
    assertThat(host.run("ip", "link", "show", "master", "fairlead0")).contains(PORT);
  }
}
