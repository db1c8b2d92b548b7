package io.fairlead.cni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fairlead.cni.attach.BridgeSettings;
import io.fairlead.cni.wire.CniRequest;
import io.fairlead.cni.wire.CniResponse;
import io.fairlead.cni.wire.DeleteQueue;
import io.fairlead.cni.wire.RequestFrame;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.testing.TestNamespace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The bridge, restarts and many requests at once, against the kernel. */
class HostKernelTest extends CniServiceKernelTestBase {

  @Test
  @DisplayName("a bridge that is deleted is made again, with its ports (pod-network 29)")
  void bridgeDeleted() throws Exception {
    assertDone(add("a"));
    host.run("ip", "link", "del", "fairlead0");
    assertDone(request("ADD", "b", "eth1", CONFIG));
    pod.run("ping", "-c1", "-W2", "10.1.0.1");
    assertThat(host.run("bridge", "-d", "link")).contains("master fairlead0", "hairpin on");
    assertThat(configure("10.1.0.0/24", "fd00:1::/64")).as("nothing left to correct").isEmpty();
  }

  @Test
  @DisplayName(
      "a bridge with foreign addresses keeps them; down and a wrong MTU are corrected (pod-network"
          + " 29)")
  void bridgeCorrected() throws Exception {
    host.run("ip", "addr", "add", "192.0.2.1/24", "dev", "fairlead0");
    host.run("ip", "link", "set", "fairlead0", "down", "mtu", "1300");
    host.run("ip", "addr", "del", "10.1.0.1/24", "dev", "fairlead0");
    assertThat(configure("10.1.0.0/24", "fd00:1::/64")).isNotEmpty();
    assertThat(host.run("ip", "addr", "show", "fairlead0"))
        .contains("192.0.2.1/24", "10.1.0.1/24", "fd00:1::1/64", "mtu 1450", "UP");
    configure("10.7.0.0/24");
    assertThat(host.run("ip", "addr", "show", "fairlead0"))
        .contains("192.0.2.1/24", "10.7.0.1/24")
        .doesNotContain("10.1.0.1", "fd00:1::1");
  }

  @Test
  @DisplayName(
      "the first IPv6 packet that is forwarded to the first pod does not wait for"
          + " duplicate address detection on the bridge (pod-network 36)")
  void firstForwardedPacket() throws Exception {
    try (TestNamespace elsewhere = TestNamespace.create("elsewhere")) {
      host.run("sysctl", "-qw", "net.ipv6.conf.all.forwarding=1");
      Path target = elsewhere.namespace().path();
      ip(host, "link add uplink type veth peer name eth0 netns " + target);
      ip(host, "addr add fd00:2::1/64 dev uplink nodad");
      ip(host, "link set uplink up");
      ip(elsewhere, "addr add fd00:2::2/64 dev eth0 nodad");
      ip(elsewhere, "link set eth0 up");
      ip(elsewhere, "route add fd00:1::/64 via fd00:2::1");
      elsewhere.run("ping", "-c1", "-w10", "-i0.2", "fd00:2::1"); // The way to the host is ready.
      pod.run("sysctl", "-qw", "net.ipv6.conf.default.accept_dad=0"); // As the CNI binary does.
      assertDone(add("a"));
      String answer = elsewhere.run("ping", "-c1", "-W5", "fd00:1::2");
      Matcher time = Pattern.compile("time=([0-9.]+) ms").matcher(answer);
      assertThat(time.find()).as(answer).isTrue();
      assertThat(Double.parseDouble(time.group(1))).isLessThan(500);
    }
  }

  private static void ip(TestNamespace namespace, String arguments) {
    namespace.run(("ip " + arguments).split(" ", -1));
  }

  @Test
  void aForeignLinkWithTheBridgesNameIsNotTouched() throws Exception {
    host.run("ip", "link", "add", "taken0", "type", "veth", "peer", "name", "other0");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() ->
            service.configure(
                new CniSettings(
                    List.of(Cidr.parse("10.1.0.0/24")), new BridgeSettings("taken0", 1450))))
        .withMessageContaining("taken0 exists and is not a bridge");
    assertFailed(add("a"), 102, "taken0 exists and is not a bridge");
    assertThat(service.attachments()).isEmpty();
  }

  @Test
  @DisplayName("the bridge's MAC stays as pods come and go (pod-network 33)")
  void stableMac() {
    assertThat(host.run("ip", "link", "show", "fairlead0")).contains("0a:59:0a:01:00:01");
    assertDone(add("a"));
    assertThat(host.run("ip", "link", "show", "fairlead0")).contains("0a:59:0a:01:00:01");
    assertDone(request("DEL", "a", "eth0", CONFIG));
    assertThat(host.run("ip", "link", "show", "fairlead0")).contains("0a:59:0a:01:00:01");
  }

  @Test
  @DisplayName(
      "a restart touches nothing; leases lost with the disk come back from the links (faults 37)")
  void restart() throws Exception {
    CniResponse added = add("a");
    String before = host.run("ip", "link");
    service.close();
    service = start(folder.resolve("empty"));
    assertThat(configure("10.1.0.0/24", "fd00:1::/64")).isEmpty();
    CniService.Reconciled reconciled = service.reconcile();
    assertThat(reconciled.adopted()).hasSize(1);
    assertThat(reconciled.freed()).isEmpty();
    assertThat(host.run("ip", "link")).isEqualTo(before);
    assertDone(check("a", added));
    assertThat(JSON.readTree(request("ADD", "b", "eth1", CONFIG).stdout()).at("/ips/0/address"))
        .hasToString("\"10.1.0.3/24\"");
  }

  @Test
  @DisplayName("parallel ADDs and DELs; the bridge is made once (pod-network 24, 31)")
  void parallel() throws Exception {
    assertDone(add("a"));
    assertDone(request("DEL", "a", "eth0", CONFIG));
    host.run("ip", "link", "del", "fairlead0");
    for (String command : List.of("ADD", "DEL")) {
      try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
        List<Callable<CniResponse>> requests = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
          String name = "eth" + i;
          requests.add(() -> request(command, "a", name, CONFIG));
        }
        for (Future<CniResponse> response : threads.invokeAll(requests)) {
          assertDone(response.get());
        }
      }
      assertThat(service.awaitRemovals(Duration.ofSeconds(10))).isTrue();
      int attached = command.equals("ADD") ? 24 : 0;
      assertThat(service.attachments()).hasSize(attached);
      assertThat(service.attachments())
          .flatExtracting(Attachment::addresses)
          .doesNotHaveDuplicates()
          .hasSize(2 * attached);
      assertThat(host.run("ip", "-br", "link", "show", "type", "bridge").lines()).hasSize(1);
      assertThat(host.run("ip", "-br", "link", "show", "master", "fairlead0").lines())
          .hasSize(attached);
    }
    assertNoPod();
  }

  @Test
  @DisplayName("queued deletions are replayed (pod-network 16)")
  void replay() throws Exception {
    assertDone(add("a"));
    Path queue = folder.resolve("queue");
    Files.createDirectories(queue);
    CniRequest delete =
        new CniRequest(
            Map.of("CNI_COMMAND", "DEL", "CNI_CONTAINERID", "a", "CNI_IFNAME", "eth0"),
            CONFIG.getBytes(StandardCharsets.UTF_8));
    Files.write(queue.resolve("1.request"), RequestFrame.write(delete, 0));
    CniRequest hopeless = new CniRequest(Map.of("CNI_COMMAND", "DEL"), new byte[] {'{', '}'});
    Files.write(queue.resolve("2.request"), RequestFrame.write(hopeless, 0));
    assertThat(service.replay(new DeleteQueue(queue))).isEqualTo(1);
    assertNoPod();
    assertThat(queue.resolve("1.request")).doesNotExist();
    assertThat(queue.resolve("2.request.aside")).exists();
  }
}
