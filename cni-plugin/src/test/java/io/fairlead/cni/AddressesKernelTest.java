package io.fairlead.cni;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.cni.ipam.AddressPool;
import io.fairlead.cni.ipam.ImportedLeases;
import io.fairlead.cni.wire.CniResponse;
import io.fairlead.dataplane.testing.TestNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Addresses as a runtime asks for them and sees them, in the kernel and with packets. */
class AddressesKernelTest extends CniServiceKernelTestBase {

  private CniResponse delete(String container) {
    return request("DEL", container, "eth0", CONFIG);
  }

  private static List<String> addresses(CniResponse added) throws IOException {
    assertDone(added);
    List<String> addresses = new ArrayList<>();
    for (JsonNode ip : JSON.readTree(added.stdout()).path("ips")) {
      addresses.add(ip.path("address").asText());
    }
    return addresses;
  }

  private CniResponse addWith(String container, String runtimeConfig) {
    return request(
        "ADD",
        container,
        "eth-" + container,
        CONFIG.replace("}", ",\"runtimeConfig\":{" + runtimeConfig + "}}"));
  }

  @Test
  @DisplayName("all addresses in use: 11; one DEL, and ADD succeeds (pod-network 18)")
  void exhaustion() throws Exception {
    configure("10.1.0.0/30");
    assertDone(add("a"));
    assertFailed(request("ADD", "b", "eth1", CONFIG), 11, "all 1 addresses");
    assertThat(pod.run("ip", "-br", "link")).doesNotContain("eth1");
    assertDone(delete("a"));
    assertThat(addresses(request("ADD", "b", "eth1", CONFIG))).containsExactly("10.1.0.2/30");
    pod.run("ping", "-c1", "-W2", "10.1.0.1");
  }

  @Test
  @DisplayName(
      "a pod in a /31 and a /127 reaches its gateway, though it has the address that was the former"
          + " gateway's; a /32 has no room (pod-network 19, 26)")
  void smallest() throws Exception {
    configure("10.1.0.0/31", "fd00:1::/127");
    assertThat(addresses(add("a"))).containsExactly("10.1.0.1/31", "fd00:1::1/127");
    pod.run("ping", "-c1", "-W2", "10.1.0.0");
    pod.run("ping", "-c1", "-W2", "fd00:1::");
    configure("10.1.9.9/32");
    assertFailed(request("ADD", "b", "eth1", CONFIG), 11, "no room for a pod");
  }

  @Test
  @DisplayName("a pod that is made again and again gets another address each time (pod-network 20)")
  void lateReuse() throws Exception {
    configure("10.1.0.0/28");
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 13; i++) {
      assertThat(seen.addAll(addresses(request("ADD", "c", "eth" + i, CONFIG)))).as("new").isTrue();
      assertDone(request("DEL", "c", "eth" + i, CONFIG));
    }
    assertThat(service.awaitRemovals(Duration.ofSeconds(30))).isTrue();
    assertThat(addresses(add("last"))).containsExactly("10.1.0.2/28");
  }

  @Test
  @DisplayName("a reboot: links and namespaces are gone, no DEL came (pod-network 22)")
  void reboot() throws Exception {
    configure("10.1.0.0/29");
    for (int i = 0; i < 5; i++) {
      assertDone(request("ADD", "before", "eth" + i, CONFIG));
    }
    service.close();
    pod.close();
    host.close();
    host = TestNamespace.create("host");
    pod = TestNamespace.create("pod");
    bootId = "another boot";
    service = start(folder.resolve("state"));
    CniService.Reconciled reconciled = service.reconcile();
    assertThat(reconciled.freed()).as("void at once").isEmpty();
    assertThat(reconciled.adopted()).isEmpty();
    configure("10.1.0.0/29");
    for (int i = 0; i < 5; i++) {
      assertDone(request("ADD", "after", "eth" + i, CONFIG));
    }
    // A runtime deletes sandboxes of before the reboot when it finds them.
    assertDone(request("DEL", "before", "eth0", CONFIG));
    assertThat(service.attachments()).hasSize(5);
    pod.run("ping", "-c1", "-W2", "10.1.0.1");
  }

  @Test
  @DisplayName("the agent is killed in mid-write of a lease: DEL and ADD go on (pod-network 23)")
  void tornJournal() throws Exception {
    assertDone(add("a"));
    service.close();
    Path journal = folder.resolve("state/leases.journal");
    byte[] whole = Files.readAllBytes(journal);
    Files.write(journal, Arrays.copyOf(whole, whole.length - 7));
    service = start(folder.resolve("state"));
    configure("10.1.0.0/24", "fd00:1::/64");
    assertThat(service.reconcile().adopted()).as("found by its link").hasSize(1);
    assertThat(addresses(request("ADD", "b", "eth1", CONFIG)))
        .containsExactly("10.1.0.3/24", "fd00:1::3/64");
    assertDone(delete("a"));
    assertDone(request("DEL", "b", "eth1", CONFIG));
    assertNoPod();
  }

  @Test
  @DisplayName("100 parallel ADDs: 100 addresses of each family, none twice (pod-network 24)")
  void parallel() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
      List<Callable<CniResponse>> adds = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        String name = "eth" + i;
        adds.add(() -> request("ADD", "a", name, CONFIG));
      }
      Set<String> unique = new HashSet<>();
      for (Future<CniResponse> added : threads.invokeAll(adds)) {
        unique.addAll(addresses(added.get()));
      }
      assertThat(unique).hasSize(200);
    }
    JsonNode links = JSON.readTree(pod.run("ip", "-j", "addr", "show", "up", "scope", "global"));
    Set<String> inKernel = new HashSet<>();
    links.findValues("local").forEach(local -> inKernel.add(local.asText()));
    assertThat(inKernel).hasSize(200);
  }

  @Test
  @DisplayName(
      "one family is used up: the pod gets nothing, and the other loses none (pod-network 25)")
  void oneFamilyExhausted() throws Exception {
    configure("10.1.0.0/30", "fd00:1::/64");
    assertDone(add("a"));
    assertFailed(request("ADD", "b", "eth1", CONFIG), 11, "10.1.0.0/30");
    assertThat(pod.run("ip", "-br", "link")).doesNotContain("eth1");
    assertThat(service.usage()).extracting(usage -> usage.used()).containsExactly(1L, 1L);
    assertThat(admission.inside()).hasSize(1);
    assertDone(delete("a"));
    assertThat(addresses(request("ADD", "b", "eth1", CONFIG)))
        .as("fd00:1::3 is the next one")
        .containsExactly("10.1.0.2/30", "fd00:1::3/64");
  }

  @Test
  @DisplayName(
      "a pod CIDR that is late, is changed, gets a second one, in another order: pods talk"
          + " (pod-network 26)")
  void changingPodCidrs() throws Exception {
    configure();
    assertFailed(add("early"), 11, "no pod CIDR");
    configure("10.1.0.0/30");
    TestNamespace first = pod;
    assertThat(addresses(add("first"))).containsExactly("10.1.0.2/30");
    host.run("sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward");
    try (TestNamespace second = TestNamespace.create("second");
        TestNamespace third = TestNamespace.create("third")) {
      configure("10.2.0.0/30", "10.3.0.0/29");
      pod = second;
      assertThat(addresses(add("second"))).containsExactly("10.2.0.2/30");
      pod = third;
      assertThat(addresses(add("third"))).as("the first is full").containsExactly("10.3.0.2/29");
      configure("10.3.0.0/29", "10.2.0.0/30");
      for (String other : List.of("10.1.0.1", "10.2.0.2", "10.3.0.2")) {
        first.run("ping", "-c1", "-W2", other);
      }
      for (String other : List.of("10.1.0.2", "10.2.0.2", "10.3.0.1")) {
        third.run("ping", "-c1", "-W2", other);
      }
      assertDone(delete("first"));
      assertThat(configure("10.3.0.0/29", "10.2.0.0/30")).as("its gateway goes").hasSize(1);
      assertThat(host.run("ip", "addr", "show", "fairlead0")).doesNotContain("10.1.0.1");
      third.run("ping", "-c1", "-W2", "10.2.0.2");
      assertDone(delete("second"));
      assertDone(delete("third"));
    } finally {
      pod = first;
    }
    configure("fd00:9::/64");
    assertThat(addresses(add("six"))).as("IPv6 alone").containsExactly("fd00:9::2/64");
    pod.run("ping", "-c1", "-W2", "fd00:9::1");
    assertThat(pod.run("ip", "-4", "addr", "show", "eth0")).isEmpty();
  }

  @Test
  @DisplayName(
      "a former gateway that pods use is nobody's address in a wider pod CIDR (pod-network 26)")
  void formerGateway() throws Exception {
    configure("10.1.0.4/30");
    assertThat(addresses(add("a"))).containsExactly("10.1.0.6/30");
    service.close();
    service = start(folder.resolve("state")); // and the pool knows nothing of the former range
    configure("10.1.0.0/29");
    for (int i = 1; i < 4; i++) {
      assertThat(addresses(request("ADD", "b", "eth" + i, CONFIG)))
          .containsExactly("10.1.0." + (i + 1) + "/29");
    }
    assertFailed(request("ADD", "b", "eth4", CONFIG), 11, "all 5 addresses");
    pod.run("ping", "-c1", "-W2", "-I", "10.1.0.6", "10.1.0.5");
  }

  @Test
  @DisplayName(
      "a requested address that is taken, the gateway, outside; all ways to ask (pod-network 27)")
  void requested() throws Exception {
    assertThat(addresses(addWith("a", "\"ips\":[\"10.1.0.9/24\"]"))).contains("10.1.0.9/24");
    assertFailed(addWith("b", "\"ips\":[\"10.1.0.9/24\"]"), 101, "10.1.0.9 is in use");
    assertFailed(addWith("b", "\"ips\":[\"10.1.0.1\"]"), 101, "is the gateway");
    assertFailed(addWith("b", "\"ips\":[\"10.7.0.1\"]"), 101, "is in none of");
    assertFailed(addWith("b", "\"ips\":[\"ten\"]"), 7, "\"ten\" is invalid");
    String byArgs = CONFIG.replace("}", ",\"args\":{\"cni\":{\"ips\":[\"fd00:1::77/64\"]}}}");
    assertThat(addresses(request("ADD", "c", "eth-c", byArgs))).contains("fd00:1::77/64");
    assertFailed(
        addWith("d", "\"ipRanges\":[[{\"subnet\":\"10.7.0.0/24\"}]]"), 101, "is not within one of");
    assertFailed(addWith("d", "\"ipRanges\":[[{\"subnet\":\"10.7\"}]]"), 7, "ipRanges");
    assertThat(
            addresses(
                addWith(
                    "d",
                    "\"ipRanges\":[[{\"subnet\":\"10.1.0.0/24\",\"rangeStart\":\"10.1.0.9\","
                        + "\"rangeEnd\":\"10.1.0.20\"}],[{\"subnet\":\"fd00:1::8:0/112\"}]]")))
        .containsExactly("10.1.0.10/24", "fd00:1::8:0/64");
    pod.run("ping", "-c1", "-W2", "-I", "eth-d", "fd00:1::1");
    assertThat(service.attachments()).hasSize(3);
  }

  @Test
  @DisplayName("host-local's leases are respected until DEL or GC comes (pod-network 28)")
  void imported() throws Exception {
    Path network = Files.createDirectories(folder.resolve("networks/cbr0"));
    Files.writeString(network.resolve("10.1.0.2"), "of-before\r\neth0");
    Files.writeString(network.resolve("10.1.0.3"), "also-of-before\r\neth0");
    service.close();
    AddressPool pool = AddressPool.open(folder.resolve("state"), bootId);
    service = start(pool);
    configure("10.1.0.0/24", "fd00:1::/64");
    ImportedLeases imported =
        new ImportedLeases(network, folder.resolve("state"), Instant.EPOCH, pool);
    service.respect(imported);
    imported.refresh();
    assertThat(addresses(add("a"))).contains("10.1.0.4/24");
    assertFailed(addWith("b", "\"ips\":[\"10.1.0.2\"]"), 101, "is in use");
    assertDone(delete("of-before"));
    assertThat(addresses(addWith("b", "\"ips\":[\"10.1.0.2\"]"))).contains("10.1.0.2/24");
    String none = ",\"cni.dev/valid-attachments\":[]}";
    String keep =
        ",\"cni.dev/valid-attachments\":[{\"containerID\":\"a\",\"ifname\":\"eth0\"},"
            + "{\"containerID\":\"b\",\"ifname\":\"eth-b\"}]}";
    assertDone(request("GC", "", "", CONFIG.replace("}", keep)));
    assertFailed(addWith("c", "\"ips\":[\"10.1.0.3\"]"), 101, "is in use");
    assertDone(request("GC", "", "", CONFIG.replace("\"n\"", "\"cbr0\"").replace("}", none)));
    assertThat(addresses(addWith("c", "\"ips\":[\"10.1.0.3\"]"))).contains("10.1.0.3/24");
    assertThat(Files.readString(network.resolve("10.1.0.2"))).isEqualTo("of-before\r\neth0");
  }
}
