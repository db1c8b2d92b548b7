package io.fairlead.cni;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.cni.wire.CniResponse;
import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.netlink.route.RouteOperation;
import io.fairlead.dataplane.sys.Errno;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** DEL answers before the kernel has removed the links. */
class TeardownKernelTest extends CniServiceKernelTestBase {

  private final CountDownLatch open = new CountDownLatch(1);
  private final CountDownLatch reached = new CountDownLatch(1);
  private final List<String> deletions = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void letGo() {
    open.countDown();
  }

  private static boolean isDeletion(RouteOperation operation) {
    return operation instanceof RouteOperation.DeleteLink
        || operation instanceof RouteOperation.DeleteLinkGroup;
  }

  /** From now on the kernel takes its time over deletions. */
  private void blockDeletions() {
    onHost =
        operation -> {
          if (isDeletion(operation)) {
            deletions.add(operation.toString());
            reached.countDown();
            try {
              open.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
        };
  }

  private CniResponse delete(String container, String name) {
    return request("DEL", container, name, CONFIG);
  }

  private String hostLinks() {
    return host.run("ip", "-br", "link", "show", "type", "veth");
  }

  @Test
  @DisplayName(
      "DEL answers while the link still lives, and its address is nobody's (pod-network 20)")
  void answersAtOnce() throws Exception {
    List<String> log = new ArrayList<>();
    service.close();
    rules = List.of(new RecordingRules("first", log), new RecordingRules("second", log));
    service = start(folder.resolve("ruled"));
    configure("10.1.0.0/30");
    assertDone(add("a"));
    RecordingRules.take(log);
    blockDeletions();
    assertDone(delete("a", "eth0"));
    assertThat(service.attachments()).isEmpty();
    assertThat(hostLinks()).contains("veth");
    assertThat(RecordingRules.take(log)).containsExactly("second leave a", "first leave a");
    assertThat(admission.inside()).as("policies hold as long as the link").hasSize(1);
    assertThat(service.usage()).allMatch(usage -> usage.used() == 1);
    assertDone(delete("a", "eth0"));

    CompletableFuture<CniResponse> next =
        CompletableFuture.supplyAsync(() -> request("ADD", "b", "eth1", CONFIG));
    assertThat(reached.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(RecordingRules.take(log)).isEmpty();
    open.countDown();
    assertDone(next.get(10, TimeUnit.SECONDS));
    assertThat(RecordingRules.take(log))
        .containsExactly(
            "second forget a", "first forget a", "first prepare b", "second prepare b");
    assertThat(JSON.readTree(next.get().stdout()).at("/ips/0/address").asText())
        .isEqualTo("10.1.0.2/30");
    assertThat(admission.inside()).hasSize(1);
  }

  @Test
  @DisplayName("what comes while the kernel removes one link is removed in one go")
  void batched() throws Exception {
    assertDone(add("first"));
    for (int i = 1; i <= 20; i++) {
      assertDone(request("ADD", "a", "eth" + i, CONFIG));
    }
    blockDeletions();
    assertDone(delete("first", "eth0"));
    assertThat(reached.await(10, TimeUnit.SECONDS)).isTrue();
    for (int i = 1; i <= 20; i++) {
      assertDone(delete("a", "eth" + i));
    }
    open.countDown();
    assertNoPod();
    assertThat(deletions).hasSize(2).last().isEqualTo("delete links of group 0x666c7264");
    assertThat(service.usage()).allMatch(usage -> usage.used() == 0);
  }

  @Test
  @DisplayName("ADD of an attachment that is just being removed waits for it (pod-network 2)")
  void addAgain() throws Exception {
    assertDone(add("a"));
    blockDeletions();
    assertDone(delete("a", "eth0"));
    assertThat(reached.await(10, TimeUnit.SECONDS)).isTrue();
    CompletableFuture<CniResponse> again = CompletableFuture.supplyAsync(() -> add("a"));
    open.countDown();
    assertDone(again.get(10, TimeUnit.SECONDS));
    assertDone(check("a", again.get()));
    pod.run("ping", "-c1", "-W2", "10.1.0.1");
  }

  @Test
  @DisplayName("a removal that the kernel refuses is tried again; GC reports it (faults 13)")
  void refused() throws Exception {
    assertDone(add("a"));
    AtomicInteger attempts = new AtomicInteger();
    onHost =
        operation -> {
          if (isDeletion(operation) && attempts.incrementAndGet() <= 3) {
            throw new NetlinkException(operation.toString(), Errno.EBUSY, "", -1, 0);
          }
        };
    CniResponse collected =
        request("GC", "", "", CONFIG.replace("}", ",\"cni.dev/valid-attachments\":[]}"));
    assertFailed(collected, 102, "1 attachments could not be removed");
    assertThat(JSON.readTree(collected.stdout()).path("details").asText()).contains("n/a/eth0");
    assertThat(service.usage().getFirst().used()).isEqualTo(1);
    assertNoPod();
    assertThat(attempts).hasValue(4);
    assertThat(service.usage()).allMatch(usage -> usage.used() == 0);
  }

  @Test
  @DisplayName("one link that cannot be removed does not keep the others (faults 14)")
  void oneOfMany() throws Exception {
    for (int i = 0; i < 3; i++) {
      assertDone(request("ADD", "a", "eth" + i, CONFIG));
    }
    String bad = service.attachments().get(1).hostInterface();
    String index =
        JSON.readTree(host.run("ip", "-j", "link", "show", bad)).get(0).path("ifindex").asText();
    CountDownLatch healed = new CountDownLatch(1);
    onHost =
        operation -> {
          if (operation instanceof RouteOperation.DeleteLinkGroup
              || (healed.getCount() > 0 && operation.toString().equals("delete link " + index))) {
            throw new NetlinkException(operation.toString(), Errno.EOPNOTSUPP, "", -1, 0);
          }
        };
    assertFailed(
        request("GC", "", "", CONFIG.replace("}", ",\"cni.dev/valid-attachments\":[]}")),
        102,
        "1 attachments could not be removed");
    assertThat(hostLinks()).contains(bad);
    assertThat(hostLinks().lines()).hasSize(1);
    healed.countDown();
    assertNoPod();
  }

  @Test
  @DisplayName(
      "an agent killed between DEL and the removal: the next one removes the link (pod-network 4)")
  void killedBeforeRemoval() throws Exception {
    assertDone(add("a"));
    CniResponse kept = request("ADD", "b", "eth1", CONFIG);
    assertDone(kept);
    onHost =
        operation -> {
          if (isDeletion(operation)) {
            throw new NetlinkException(operation.toString(), Errno.EPERM, "", -1, 0);
          }
        };
    assertDone(delete("a", "eth0"));
    Path left = Files.createDirectories(folder.resolve("left"));
    Files.copy(folder.resolve("state/leases.journal"), left.resolve("leases.journal"));
    service.close();
    assertThat(hostLinks().lines()).hasSize(2);
    onHost = FaultyKernel.Inspection.NONE;
    service = start(left);
    assertThat(configure("10.1.0.0/24", "fd00:1::/64")).isEmpty();
    CniService.Reconciled reconciled = service.reconcile();
    assertThat(reconciled.adopted()).isEmpty();
    assertThat(reconciled.freed()).isEmpty();
    assertThat(hostLinks().lines()).hasSize(1);
    assertThat(service.usage()).allMatch(usage -> usage.used() == 1);
    assertDone(
        request(
            "CHECK",
            "b",
            "eth1",
            "{\"cniVersion\":\"1.1.0\",\"name\":\"n\",\"prevResult\":" + kept.text() + "}"));
  }

  @Test
  @DisplayName("the service closes although the kernel does not come to an end (faults 36)")
  void closesInTime() throws Exception {
    assertDone(add("a"));
    blockDeletions();
    assertDone(delete("a", "eth0"));
    assertThat(reached.await(10, TimeUnit.SECONDS)).isTrue();
    Thread abandoned = teardownThread();
    service.close();
    assertThat(open.getCount()).as("the kernel is still at it").isEqualTo(1);
    open.countDown();
    service = start(folder.resolve("state"));
    configure("10.1.0.0/24", "fd00:1::/64");
    service.reconcile();
    assertNoPod();
    assertThat(service.usage()).allMatch(usage -> usage.used() == 0);
    assertThat(abandoned.join(Duration.ofSeconds(10)))
        .as("it ends, and closes its socket")
        .isTrue();
  }

  private static Thread teardownThread() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("cni-teardown"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  @DisplayName("a foreign link under the name of one of ours stays (pod-network 3)")
  void foreignLink() throws Exception {
    assertDone(add("a"));
    String name = service.attachments().getFirst().hostInterface();
    host.run("ip", "link", "set", name, "alias", "somebody's");
    assertDone(delete("a", "eth0"));
    assertThat(service.awaitRemovals(Duration.ofSeconds(10))).isTrue();
    assertThat(hostLinks()).contains(name);
    assertThat(service.usage()).allMatch(usage -> usage.used() == 0);
  }
}
