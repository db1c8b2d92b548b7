package io.fairlead.cni;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.cni.ipam.Lease;
import io.fairlead.cni.protocol.AttachmentKey;
import io.fairlead.cni.protocol.CniErrorCode;
import io.fairlead.cni.protocol.CniException;
import io.fairlead.cni.wire.CniResponse;
import io.fairlead.dataplane.netlink.route.Link;
import io.fairlead.dataplane.netlink.route.RouteEvent;
import io.fairlead.dataplane.netlink.route.RouteMonitor;
import io.fairlead.dataplane.netlink.route.RouteSocket;
import io.fairlead.dataplane.testing.Seed;
import io.fairlead.dataplane.testing.TestNamespace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pods that go without a DEL: the kernel says so, and what they held is free. */
@Timeout(120)
class GoneLinksKernelTest extends CniServiceKernelTestBase {

  /** What rules were told, in order. */
  private final List<String> told = new CopyOnWriteArrayList<>();

  private AttachmentRules tellingRules() {
    return new AttachmentRules() {
      @Override
      public void restore(Collection<Lease> leases) {}

      @Override
      public void prepare(Lease lease) {
        told.add("prepare " + lease.key().containerId());
      }

      @Override
      public void leave(AttachmentKey key) {
        told.add("leave " + key.containerId());
      }

      @Override
      public void forget(AttachmentKey key) {
        told.add("forget " + key.containerId());
      }
    };
  }

  private RouteMonitor follow() throws Exception {
    return host.call(() ->
        RouteMonitor.start(
            event -> {
              if (event instanceof RouteEvent.Deleted(Link link)) {
                service.linkGone(link);
              }
            },
            problem -> told.add("problem " + problem)));
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      Thread.sleep(5);
    }
  }

  private void restart() throws Exception {
    service.close(); // which waits for what was begun
    service = start(folder.resolve("state"));
    configure("10.1.0.0/24", "fd00:1::/64");
  }

  private List<String> containers() {
    return service.attachments().stream().map(each -> each.key().containerId()).toList();
  }

  private Link onlyVeth() throws Exception {
    try (RouteSocket socket = openIn(host)) {
      return socket.links().stream()
          .filter(link -> link.name().startsWith("veth"))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  @DisplayName(
      "a pod's namespace dies without a DEL: address, rules and admission are freed, and nothing"
          + " else is touched (pod-network 4, faults 26)")
  void namespaceDies() throws Exception {
    service.close();
    rules = List.of(tellingRules());
    service = start(folder.resolve("state"));
    configure("10.1.0.0/29", "fd00:1::/64");
    CniResponse stays = add("stays");
    assertDone(stays);
    TestNamespace survivor = pod;
    try (RouteMonitor _ = follow()) {
      try (TestNamespace doomed = TestNamespace.create("doomed")) {
        pod = doomed;
        assertDone(add("dies"));
        doomed.run("ping", "-c1", "-W2", "10.1.0.2");
      } finally {
        pod = survivor;
      }
      await("the lease is free", () -> containers().equals(List.of("stays")));
      await("nobody else is inside", () -> admission.inside().size() == 1);
    }
    restart();
    assertThat(containers()).as("recorded").containsExactly("stays");
    assertThat(told).containsExactly("prepare stays", "prepare dies", "leave dies", "forget dies");
    assertThat(service.usage()).extracting(usage -> usage.used()).containsExactly(1L, 1L);
    assertDone(check("stays", stays));
    pod.run("ping", "-c1", "-W2", "10.1.0.1");
    assertDone(request("DEL", "dies", "eth0", CONFIG));
  }

  @Test
  @DisplayName(
      "an event that comes late leaves the next attachment of that key alone (pod-network 21)")
  void lateEvent() throws Exception {
    assertDone(add("a"));
    Link former = onlyVeth();
    assertDone(request("DEL", "a", "eth0", CONFIG));
    CniResponse again = add("a");
    assertDone(again);
    service.linkGone(former);
    service.linkGone(former);
    restart();
    assertDone(check("a", again));
    assertThat(admission.inside()).hasSize(1);
  }

  @Test
  @DisplayName("an event during ADD waits for it, but not whoever brings it (faults 29)")
  void eventDuringAdd() throws Exception {
    assertDone(add("a"));
    Link former = onlyVeth();
    assertDone(request("DEL", "a", "eth0", CONFIG));
    for (boolean admitted : new boolean[] {true, false}) {
      CountDownLatch waiting = new CountDownLatch(1);
      CountDownLatch decided = new CountDownLatch(1);
      admission.gate(_ -> {
        waiting.countDown();
        try {
          decided.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        if (!admitted) {
          throw new CniException(CniErrorCode.TRY_AGAIN, "not you");
        }
      });
      CompletableFuture<CniResponse> slow = CompletableFuture.supplyAsync(() -> add("a"));
      waiting.await();
      service.linkGone(former); // It has a lease now, and no link.
      service.findGoneLinks();
      decided.countDown();
      assertThat(slow.get().exitCode()).isEqualTo(admitted ? 0 : 1);
      restart();
      assertThat(containers()).hasSize(admitted ? 1 : 0);
      assertThat(admission.inside()).hasSize(admitted ? 1 : 0);
      assertDone(request("DEL", "a", "eth0", CONFIG));
    }
  }

  @Test
  @DisplayName("when events were lost, a look finds who is gone (faults 11)")
  void lostEvents() throws Exception {
    CniResponse stays = add("stays");
    assertDone(request("ADD", "dies", "eth1", CONFIG));
    pod.run("ip", "link", "del", "eth1");
    assertThat(containers()).hasSize(2);
    service.findGoneLinks();
    restart();
    assertThat(containers()).containsExactly("stays");
    assertDone(check("stays", stays));
  }

  @Test
  @DisplayName(
      "ADDs, DELs and links that die under them, all at once: leases are links (pod-network 4, 24)")
  void storm() throws Exception {
    RandomGenerator seeds = Seed.generator("GoneLinksKernelTest");
    try (RouteMonitor _ = follow();
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> runs = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        RandomGenerator random = new SplittableRandom(seeds.nextLong());
        runs.add(threads.submit(() -> churn(random)));
      }
      for (Future<?> run : runs) {
        run.get();
      }
      await(
          "each lease has its link",
          () ->
              host.run("ip", "-br", "link", "show", "type", "veth")
                  .lines()
                  .map(line -> line.split("@", 2)[0])
                  .sorted()
                  .toList()
                  .equals(
                      service.attachments().stream()
                          .map(Attachment::hostInterface)
                          .sorted()
                          .toList()));
      // Whoever has just lost the lease is let out a moment later.
      assertThat(service.awaitRemovals(Duration.ofSeconds(60))).isTrue();
      assertThat(service.attachments())
          .flatExtracting(Attachment::addresses)
          .doesNotHaveDuplicates();
      assertThat(admission.inside().keySet())
          .containsExactlyInAnyOrderElementsOf(
              service.attachments().stream().map(Attachment::key).toList());
      for (int i = 0; i < 4; i++) {
        assertDone(request("DEL", "c", "eth" + i, CONFIG));
      }
      assertNoPod();
      assertThat(service.usage()).allMatch(usage -> usage.used() == 0);
    }
  }

  private Void churn(RandomGenerator random) throws Exception {
    for (int i = 0; i < 40; i++) {
      String name = "eth" + random.nextInt(4);
      switch (random.nextInt(3)) {
        case 0 -> assertDone(request("DEL", "c", name, CONFIG));
        case 1 -> pod.tryRun("ip", "link", "del", name);
        default -> {
          CniResponse added = request("ADD", "c", name, CONFIG);
          // Its link may die before it is whole, and another one may have it.
          assertThat(added.exitCode() == 0 || added.text().contains("\"code\":1"))
              .as(added.text())
              .isTrue();
        }
      }
    }
    return null;
  }
}
