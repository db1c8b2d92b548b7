package io.fairlead.cni;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.cni.attach.BridgeSettings;
import io.fairlead.cni.wire.CniResponse;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.testing.TestNamespace;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The reference bridge's options, on a kernel. */
class OptionsKernelTest extends CniServiceKernelTestBase {

  private CniResponse addWith(String keys) {
    return request("ADD", "a", "eth0", CONFIG.replace("}", "," + keys + "}"));
  }

  private String port() {
    return host.run(
        "ip", "-j", "-d", "link", "show", service.attachments().getFirst().hostInterface());
  }

  @Test
  void mtu() throws Exception {
    CniResponse added = addWith("\"mtu\":1300");
    assertDone(added);
    assertThat(pod.run("ip", "link", "show", "eth0")).contains("mtu 1300");
    assertThat(port()).contains("\"mtu\":1300");
    assertThat(host.run("ip", "link", "show", "fairlead0")).contains("mtu 1450");
    JsonNode interfaces = JSON.readTree(added.stdout()).path("interfaces");
    assertThat(interfaces.findValuesAsText("mtu")).containsExactly("1450", "1300", "1300");
    assertDone(check("a", added));
    pod.run("ip", "link", "set", "eth0", "mtu", "1290");
    assertFailed(check("a", added), 103, "has the MTU 1290");
  }

  @Test
  @DisplayName("the bridge's MTU stays as ports of another one come and go (pod-network 29)")
  void bridgeKeepsItsMtu() throws Exception {
    assertDone(addWith("\"mtu\":1300"));
    assertThat(host.run("ip", "link", "show", "fairlead0")).contains("mtu 1450");
    assertDone(request("DEL", "a", "eth0", CONFIG));
    assertNoPod();
    assertThat(host.run("ip", "link", "show", "fairlead0")).contains("mtu 1450");
    service.configure(
        new CniSettings(List.of(Cidr.parse("10.1.0.0/24")), new BridgeSettings("fairlead1", 1500)));
    assertDone(addWith("\"mtu\":1300"));
    assertThat(host.run("ip", "link", "show", "fairlead1")).contains("mtu 1500");
  }

  @Test
  @DisplayName("an MTU that does not fit is an error that says so (pod-network 29)")
  void mtuTooLarge() throws Exception {
    assertFailed(addWith("\"mtu\":9000"), 7, "\"mtu\" 9000 is larger than the 1450 bytes");
    assertFailed(addWith("\"mtu\":1000"), 7, "less than the 1280 bytes that IPv6 needs");
    assertNoPod();
    assertThat(service.usage()).allMatch(usage -> usage.used() == 0);
  }

  @Test
  void hairpinAndIsolation() throws Exception {
    CniResponse added = addWith("\"hairpinMode\":false,\"portIsolation\":true");
    assertDone(added);
    assertThat(port()).contains("\"hairpin\":false", "\"isolated\":true");
    assertDone(check("a", added));
    pod.run("ping", "-c1", "-W2", "10.1.0.1");
    // The options outlive the port and the agent.
    host.run("ip", "link", "set", service.attachments().getFirst().hostInterface(), "nomaster");
    service.close();
    service = start(folder.resolve("state"));
    configure("10.1.0.0/24", "fd00:1::/64");
    assertThat(port()).contains("\"hairpin\":false", "\"isolated\":true");
  }

  @Test
  @DisplayName("isolated pods reach the node and not each other")
  void isolatedPods() throws Exception {
    try (TestNamespace other = TestNamespace.create("other")) {
      assertDone(addWith("\"portIsolation\":true"));
      TestNamespace first = pod;
      pod = other;
      try {
        assertDone(request("ADD", "b", "eth0", CONFIG.replace("}", ",\"portIsolation\":true}")));
        first.run("ping", "-c1", "-W2", "10.1.0.1");
        other.run("ping", "-c1", "-W2", "10.1.0.1");
        assertThat(first.run("sh", "-c", "ping -c1 -W1 10.1.0.3 || echo silence"))
            .contains("silence");
        assertDone(request("DEL", "b", "eth0", CONFIG));
        assertThat(service.awaitRemovals(Duration.ofSeconds(10))).isTrue();
      } finally {
        pod = first;
      }
    }
  }

  @Test
  @DisplayName("a default route that the pod has already stays, in each family (pod-network 30)")
  void foreignDefaultRoute() throws Exception {
    pod.run("ip", "link", "add", "other0", "type", "veth", "peer", "name", "other1");
    pod.run("ip", "addr", "add", "192.0.2.2/24", "dev", "other0");
    pod.run("ip", "link", "set", "other0", "up");
    pod.run("ip", "link", "set", "other1", "up");
    pod.run("ip", "route", "add", "default", "via", "192.0.2.1");
    CniResponse added = add("a");
    assertDone(added);
    assertThat(pod.run("ip", "route"))
        .containsOnlyOnce("default")
        .contains("default via 192.0.2.1 dev other0");
    assertThat(pod.run("ip", "-6", "route")).contains("default via fd00:1::1 dev eth0");
    assertThat(JSON.readTree(added.stdout()).path("routes").toString())
        .isEqualTo("[{\"dst\":\"::/0\",\"gw\":\"fd00:1::1\"}]");
    assertDone(check("a", added));
    assertDone(request("DEL", "a", "eth0", CONFIG));
    assertThat(service.awaitRemovals(Duration.ofSeconds(10))).isTrue();
    assertThat(pod.run("ip", "route")).contains("default via 192.0.2.1 dev other0");
  }

  @Test
  @DisplayName("no default route if the configuration says so (pod-network 30)")
  void noDefaultRoute() throws Exception {
    CniResponse added = addWith("\"isDefaultGateway\":false");
    assertDone(added);
    assertThat(pod.run("ip", "route")).doesNotContain("default");
    assertThat(pod.run("ip", "-6", "route")).doesNotContain("default");
    assertThat(JSON.readTree(added.stdout()).path("routes").isMissingNode()).isTrue();
    assertDone(check("a", added));
  }

  @Test
  @DisplayName(
      "IPv6 that cannot be enabled in the pod is named, and nothing is left (pod-network 36)")
  void ipv6Disabled() throws Exception {
    pod.run("sysctl", "-qw", "net.ipv6.conf.default.disable_ipv6=1");
    assertFailed(add("a"), 102, "IPv6 is disabled in the pod, and fd00:1::2 is its address");
    assertNoPod();
  }
}
