package io.fairlead.cni;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.cni.wire.CniRequest;
import io.fairlead.cni.wire.CniResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The verbs against the kernel. */
class CniServiceKernelTest extends CniServiceKernelTestBase {

  @Test
  void aPodIsAttachedAsTheResultSays() throws Exception {
    CniResponse added = add("a");
    assertDone(added);
    JsonNode result = JSON.readTree(added.stdout());
    assertThat(result.at("/ips").toString())
        .isEqualTo(
            "[{\"interface\":2,\"address\":\"10.1.0.2/24\",\"gateway\":\"10.1.0.1\"},"
                + "{\"interface\":2,\"address\":\"fd00:1::2/64\",\"gateway\":\"fd00:1::1\"}]");
    assertThat(result.at("/routes").toString())
        .isEqualTo(
            "[{\"dst\":\"0.0.0.0/0\",\"gw\":\"10.1.0.1\"},{\"dst\":\"::/0\",\"gw\":\"fd00:1::1\"}]");
    assertThat(result.at("/interfaces/2").toString())
        .isEqualTo(
            "{\"name\":\"eth0\",\"mac\":\"0a:58:0a:01:00:02\",\"sandbox\":\"/run/netns/pod\",\"mtu\":1450}");

    JsonNode eth0 = JSON.readTree(pod.run("ip", "-j", "addr", "show", "eth0")).get(0);
    assertThat(eth0.path("address").asText()).isEqualTo("0a:58:0a:01:00:02");
    assertThat(eth0.path("mtu").asInt()).isEqualTo(1450);
    assertThat(eth0.path("flags").toString()).contains("UP", "LOWER_UP");
    assertThat(pod.run("ip", "addr", "show", "eth0"))
        .contains("inet 10.1.0.2/24", "inet6 fd00:1::2/64 scope global nodad");
    assertThat(pod.run("ip", "route")).contains("default via 10.1.0.1 dev eth0 proto 102");
    assertThat(pod.run("ip", "-6", "route")).contains("default via fd00:1::1 dev eth0");
    assertThat(pod.run("ip", "-br", "link", "show", "lo")).contains("UP");

    String name = result.at("/interfaces/1/name").asText();
    assertThat(host.run("ip", "-j", "-d", "link", "show", name))
        .contains(
            "\"master\":\"fairlead0\"",
            "\"hairpin\":true",
            "\"address\":\"" + result.at("/interfaces/1/mac").asText() + "\"",
            "\"ifalias\":\"fairlead n a eth0 10.1.0.2,fd00:1::2 ns/pod-a\"");
    assertThat(service.attachments())
        .containsExactly(
            new Attachment(
                service.attachments().getFirst().key(),
                "ns/pod-a",
                service.attachments().getFirst().addresses(),
                name));
    host.run("ping", "-c1", "-W2", "10.1.0.2");
    pod.run("ping", "-c1", "-W2", "10.1.0.1");
    pod.run("ping", "-c1", "-W2", "fd00:1::1");
  }

  @Test
  @DisplayName("ADD twice: an error, and the first attachment intact (pod-network 1)")
  void addTwice() throws Exception {
    CniResponse first = add("a");
    assertFailed(add("a"), 100, "already has an interface eth0");
    assertDone(check("a", first));
  }

  @Test
  @DisplayName("DEL twice, and DEL of what was never added (pod-network 2)")
  void deleteTwice() {
    assertDone(add("a"));
    assertDone(request("DEL", "a", "eth0", CONFIG));
    assertNoPod();
    assertDone(request("DEL", "a", "eth0", CONFIG));
    assertDone(request("DEL", "never", "eth0", CONFIG));
  }

  @Test
  @DisplayName("an ADD whose killed plugin heard no answer is taken back (pod-network 4)")
  void unheardAdd() throws Exception {
    CniRequest request =
        new CniRequest(
            Map.of(
                "CNI_COMMAND", "ADD",
                "CNI_CONTAINERID", "a",
                "CNI_IFNAME", "eth0",
                "CNI_NETNS", "/x"),
            CONFIG.getBytes(StandardCharsets.UTF_8));
    CniResponse first = add("a");
    assertDone(first);
    assertDone(request("DEL", "a", "eth0", CONFIG));
    CniResponse second = add("a");
    assertDone(second);
    service.unheard(request, first);
    assertThat(service.attachments()).as("what was attached since stays").hasSize(1);
    service.unheard(request, second);
    assertThat(service.attachments()).isEmpty();
    assertDone(add("a"));
  }

  @Test
  @DisplayName("eth0 exists already: an error, and it stays (pod-network 5)")
  void interfaceExists() throws Exception {
    pod.run("ip", "link", "add", "eth0", "type", "bridge");
    assertFailed(add("a"), 100, "already has an interface eth0");
    assertThat(pod.run("ip", "-d", "link", "show", "eth0")).contains("bridge");
    assertThat(service.attachments()).isEmpty();
    assertThat(host.run("ip", "-br", "link", "show", "type", "veth")).isEmpty();
  }

  @Test
  @DisplayName("CHECK passes after ADD, and after a later plugin's changes (pod-network 12)")
  void checkPasses() {
    CniResponse added = add("a");
    assertDone(check("a", added));
    pod.run("ip", "link", "set", "eth0", "address", "02:00:00:00:00:07");
    pod.run("ip", "route", "add", "192.0.2.0/24", "via", "10.1.0.1");
    assertDone(check("a", added));
    pod.run("ip", "route", "del", "default");
    String changed = added.text().replace("{\"dst\":\"0.0.0.0/0\",\"gw\":\"10.1.0.1\"},", "");
    assertDone(check("a", CniResponse.of(0, changed)));
  }

  @Test
  @DisplayName("CHECK finds a missing route, address, link, port, lease (pod-network 13)")
  void checkFinds() throws Exception {
    CniResponse added = add("a");
    pod.run("ip", "-6", "route", "del", "default");
    assertFailed(check("a", added), 103, "route ::/0 via fd00:1::1");
    pod.run("ip", "addr", "del", "fd00:1::2/64", "dev", "eth0");
    assertFailed(check("a", added), 103, "lost its address fd00:1::2");
    pod.run("ip", "link", "set", "eth0", "down");
    assertFailed(check("a", added), 103, "interface eth0 is down");
    String name = service.attachments().getFirst().hostInterface();
    host.run("ip", "link", "set", name, "nomaster");
    assertFailed(check("a", added), 103, "not a port of the bridge");
    pod.run("ip", "link", "del", "eth0");
    assertFailed(check("a", added), 103, "is missing");
    assertThat(service.reconcile().freed()).hasSize(1);
    assertFailed(check("a", added), 103, "no address lease");
  }

  @Test
  @DisplayName("GC frees what is not valid, in its own network only (pod-network 14)")
  void garbage() {
    assertDone(add("a"));
    assertDone(request("ADD", "b", "eth1", CONFIG));
    assertDone(request("ADD", "c", "eth2", CONFIG.replace("\"n\"", "\"other\"")));
    String list = "\"cni.dev/valid-attachments\":[{\"containerID\":\"b\",\"ifname\":\"eth1\"}]";
    assertDone(request("GC", "", "", CONFIG.replace("}", "," + list + "}")));
    assertThat(service.attachments())
        .extracting(attachment -> attachment.key().toString())
        .containsExactly("n/b/eth1", "other/c/eth2");
    assertDone(request("GC", "", "", CONFIG.replace("}", ",\"cni.dev/valid-attachments\":[]}")));
    assertThat(service.attachments()).hasSize(1);
  }

  @Test
  @DisplayName("STATUS: full or without a range 50, connectivity broken 51 (pod-network 15)")
  void status() throws Exception {
    assertDone(request("STATUS", "", "", CONFIG));
    trouble = Optional.of("the overlay device is missing");
    assertFailed(request("STATUS", "", "", CONFIG), 51, "overlay device");
    configure("10.2.0.0/30");
    assertDone(add("a"));
    assertFailed(request("STATUS", "", "", CONFIG), 50, "all 1 addresses");
    assertThat(configure()).isEmpty();
    assertFailed(request("STATUS", "", "", CONFIG), 50, "no pod CIDR");
    assertFailed(add("b"), 11, "no pod CIDR");
  }

  @Test
  @DisplayName(
      "one container with two interfaces: the first keeps the default route (pod-network 17)")
  void twoInterfaces() throws Exception {
    assertDone(add("a"));
    CniResponse second = request("ADD", "a", "eth1", CONFIG);
    assertDone(second);
    assertThat(JSON.readTree(second.stdout()).path("routes").isMissingNode()).isTrue();
    assertThat(pod.run("ip", "route")).containsOnlyOnce("default via 10.1.0.1 dev eth0");
    assertDone(request("DEL", "a", "eth1", CONFIG));
    assertThat(service.attachments()).hasSize(1);
    pod.run("ping", "-c1", "-W2", "10.1.0.1");
  }

  @Test
  @DisplayName("a late DEL of the former holder of an address (pod-network 21)")
  void lateDelete() throws Exception {
    configure("10.1.0.0/30");
    assertDone(add("a"));
    pod.run("ip", "link", "del", "eth0");
    assertDone(request("DEL", "a", "eth0", CONFIG));
    CniResponse second = add("b");
    assertDone(second);
    assertDone(request("DEL", "a", "eth0", CONFIG));
    assertDone(check("b", second));
  }

  @Test
  void requestedAddressAndMac() throws Exception {
    CniResponse added =
        request(
            "ADD",
            "a",
            "eth0",
            CONFIG.replace(
                "}",
                ",\"runtimeConfig\":{\"ips\":[\"10.1.0.77/24\"],\"mac\":\"02:00:00:00:00:77\"}}"));
    assertDone(added);
    assertThat(pod.run("ip", "addr", "show", "eth0"))
        .contains("10.1.0.77/24", "fd00:1::2/64", "02:00:00:00:00:77");
  }

  @Test
  void addWithoutThePodsNamespaceIsRefused() throws Exception {
    CniRequest request =
        new CniRequest(
            Map.of(
                "CNI_COMMAND", "ADD",
                "CNI_CONTAINERID", "a",
                "CNI_IFNAME", "eth0",
                "CNI_NETNS", "/x"),
            CONFIG.getBytes(StandardCharsets.UTF_8));
    assertFailed(service.handle(request, List.of()), 4, "without the pod's network namespace");
  }
}
