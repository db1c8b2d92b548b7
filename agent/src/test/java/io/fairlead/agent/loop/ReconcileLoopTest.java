package io.fairlead.agent.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.Eventually;
import io.fairlead.agent.config.AgentConfiguration;
import io.fairlead.agent.config.ConfigurationKey;
import io.fairlead.agent.config.ConfigurationReader;
import io.fairlead.agent.history.RoundReport;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.LabelSelector;
import io.fairlead.dataplane.model.Labels;
import io.fairlead.dataplane.model.NamespaceRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.model.ObjectChange.EndpointSliceChanged;
import io.fairlead.dataplane.model.ObjectChange.NamespaceChanged;
import io.fairlead.dataplane.model.ObjectChange.NetworkPolicyChanged;
import io.fairlead.dataplane.model.ObjectChange.NodeChanged;
import io.fairlead.dataplane.model.ObjectChange.PodChanged;
import io.fairlead.dataplane.model.ObjectChange.ServiceChanged;
import io.fairlead.dataplane.model.ObjectChange.Synced;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PodRecord;
import io.fairlead.dataplane.model.ServiceRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ReconcileLoopTest {

  private static final ObjectKey WEB = new ObjectKey("default", "web");
  private static final ObjectKey DNS = new ObjectKey("kube-system", "dns");
  private static final long AUDIT = TimeUnit.MINUTES.toNanos(5);

  private final AtomicLong now = new AtomicLong(1);
  private final FakeSubsystem first = new FakeSubsystem("first");
  private final FakeSubsystem second = new FakeSubsystem("second");
  private final List<Integer> rounds = new ArrayList<>();
  private final ReconcileLoop loop =
      new ReconcileLoop(AUDIT, now::get, new Random(1), (keys, _, _) -> rounds.add(keys));

  @BeforeEach
  void drive() {
    loop.drive(List.of(first, second));
  }

  private static ServiceChanged service(ObjectKey key, String address) {
    return new ServiceChanged(
        key, ServiceRecord.ofClusterIps(key, List.of(IpAddress.parse(address)), List.of()));
  }

  private static EndpointSliceChanged slice(String name, ObjectKey service) {
    ObjectKey key = new ObjectKey(service.namespace(), name);
    return new EndpointSliceChanged(
        key, new EndpointSliceRecord(key, service, AddressFamily.IPV4, List.of(), List.of()));
  }

  private static DirtyKeys services(ObjectKey... keys) {
    return new DirtyKeys(false, Set.of(keys), Set.of());
  }

  private void sync() throws InterruptedException {
    loop.accept(new Synced());
    loop.runPending();
    first.applied.clear();
    second.applied.clear();
  }

  @Test
  @DisplayName("tasks from before the start, such as early events of the kernel, are kept")
  void earlyTasks() throws InterruptedException {
    ReconcileLoop early = new ReconcileLoop(AUDIT, now::get, new Random(1), (_, _, _) -> {});
    List<String> done = new ArrayList<>();
    early.submit(() -> done.add("event"));
    early.markDirty("first", services(WEB));
    early.drive(List.of(first));
    early.runPending();
    assertThat(done).containsExactly("event");
    assertThat(first.applied).as("not before the source is in sync").isEmpty();
  }

  @Test
  @DisplayName("nothing is applied before the source is in sync, then everything (services 1)")
  void waitsForSync() throws InterruptedException {
    loop.accept(service(WEB, "10.96.0.1"));
    assertThat(loop.runPending()).isEqualTo(ChangeQueue.FOREVER);
    assertThat(first.applied).isEmpty();

    loop.accept(new Synced());
    loop.runPending();

    assertThat(first.applied).singleElement().matches(DirtyKeys::everything);
    assertThat(second.applied).hasSize(1);
    assertThat(loop.status().synced()).isTrue();
    assertThat(loop.status().services()).isEqualTo(1);
  }

  @Test
  @DisplayName("what a round did is remembered: its events with versions, operations and problems")
  void remembers() throws InterruptedException {
    sync();
    assertThat(loop.history().rounds(_ -> true)).as("nothing was done yet").isEmpty();
    first.failing =
        _ -> {
          loop.did("first", List.of("add x"));
          now.addAndGet(3_000_000);
          return null;
        };
    second.failing = keys -> keys;
    loop.accept(service(WEB, "10.96.0.1").at("a.yaml:1"));
    loop.accept(slice("web-1", WEB).at("7"));
    now.addAndGet(1_000_000);
    loop.runPending();
    RoundReport round = loop.history().rounds(_ -> true).getLast().report();
    assertThat(round.events())
        .containsExactly(
            new RoundReport.Event("Service", "default/web", "added", "a.yaml:1", ""),
            new RoundReport.Event("EndpointSlice", "default/web-1", "added", "7", "default/web"));
    assertThat(round.latencyMicroseconds()).isEqualTo(4000);
    assertThat(round.steps())
        .containsExactly(
            new RoundReport.Step("first", List.of("add x"), 0, 3000, "done"),
            new RoundReport.Step("second", List.of(), 0, 0, "the kernel refuses; it is retried"));
    loop.accept(service(WEB, "10.96.0.1").at("a.yaml:9"));
    loop.runPending();
    assertThat(loop.history().rounds(_ -> true)).as("the record is the same").hasSize(1);
  }

  @Test
  @DisplayName("objects of policies are counted, waiting and known")
  void countsPolicies() throws InterruptedException {
    ObjectKey guard = new ObjectKey("shop", "guard");
    loop.accept(new PodChanged(WEB, PodRecord.unlabelled(WEB, "n1")));
    loop.accept(new PodChanged(DNS, PodRecord.unlabelled(DNS, "n1")));
    loop.accept(new PodChanged(DNS, null));
    loop.accept(new NamespaceChanged("shop", new NamespaceRecord("shop", Labels.NONE)));
    loop.accept(
        new NetworkPolicyChanged(
            guard, new NetworkPolicyRecord(guard, LabelSelector.EVERYTHING, List.of(), null)));
    assertThat(loop.queue().pods()).isEqualTo(new QueueStatus.Changes(2, 3));
    assertThat(loop.queue().namespaces()).isEqualTo(new QueueStatus.Changes(1, 1));
    assertThat(loop.queue().networkPolicies()).isEqualTo(new QueueStatus.Changes(1, 1));
    sync();
    assertThat(loop.status().pods()).isEqualTo(1);
    assertThat(loop.status().namespaces()).isEqualTo(1);
    assertThat(loop.status().networkPolicies()).isEqualTo(1);
    loop.accept(new PodChanged(WEB, null));
    loop.runPending();
    assertThat(first.applied)
        .containsExactly(new DirtyKeys(false, Set.of(), Set.of(), Set.of(WEB), Set.of(), Set.of()));
    assertThat(loop.status().pods()).isZero();
  }

  @Test
  @DisplayName("each subsystem tells how long ago it was in sync, and for how long keys wait")
  void lag() throws InterruptedException {
    loop.accept(new Synced());
    loop.runPending();
    now.addAndGet(TimeUnit.MILLISECONDS.toNanos(5));
    SubsystemStatus status = loop.status().subsystems().getFirst();
    assertThat(status.millisecondsSinceSync()).isEqualTo(5);
    assertThat(status.pendingKeys()).isZero();
    assertThat(status.lagMilliseconds()).isZero();
    first.failing = keys -> keys;
    loop.accept(service(WEB, "10.96.0.3"));
    now.addAndGet(TimeUnit.MILLISECONDS.toNanos(2));
    loop.runPending();
    now.addAndGet(TimeUnit.MILLISECONDS.toNanos(4));
    status = loop.status().subsystems().getFirst();
    assertThat(status.millisecondsSinceSync()).isEqualTo(11);
    assertThat(status.pendingKeys()).isOne();
    assertThat(status.lagMilliseconds()).as("since it came").isEqualTo(6);
  }

  @Test
  @DisplayName("how far the kernel is behind: what waits, since when, and when nothing was left")
  void queue() throws InterruptedException {
    assertThat(loop.queue().millisecondsSinceQueued()).isEqualTo(-1);
    loop.accept(service(WEB, "10.96.0.1"));
    loop.accept(service(WEB, "10.96.0.2"));
    loop.accept(slice("web-1", WEB));
    now.addAndGet(TimeUnit.MILLISECONDS.toNanos(7));
    assertThat(loop.queue())
        .isEqualTo(
            new QueueStatus(
                new QueueStatus.Changes(1, 2),
                new QueueStatus.Changes(1, 1),
                new QueueStatus.Changes(0, 0),
                new QueueStatus.Changes(0, 0),
                new QueueStatus.Changes(0, 0),
                new QueueStatus.Changes(0, 0),
                7,
                -1,
                7));
    loop.accept(new Synced());
    loop.runPending();
    now.addAndGet(TimeUnit.MILLISECONDS.toNanos(5));
    assertThat(loop.queue().services()).isEqualTo(new QueueStatus.Changes(0, 2));
    assertThat(loop.queue().millisecondsSinceApplied()).isEqualTo(5);
    first.failing = keys -> keys;
    loop.accept(service(WEB, "10.96.0.3"));
    loop.runPending();
    assertThat(loop.queue().millisecondsSinceQueued()).isZero();
    assertThat(loop.queue().millisecondsSinceApplied()).as("a failure is left").isEqualTo(5);
  }

  @Test
  @DisplayName("what arrives together is applied together, and only what changed is dirty")
  void groupCommit() throws InterruptedException {
    sync();
    loop.accept(service(WEB, "10.96.0.1"));
    loop.accept(slice("web-1", WEB));
    loop.accept(slice("dns-1", DNS));
    loop.accept(new NodeChanged("n1", new NodeRecord("n1", List.of(), List.of(), null)));
    loop.runPending();

    assertThat(first.applied).containsExactly(new DirtyKeys(false, Set.of(WEB, DNS), Set.of("n1")));

    loop.accept(service(WEB, "10.96.0.1"));
    loop.runPending();
    assertThat(first.applied).as("the same again").hasSize(1);
  }

  @Test
  @DisplayName("add then delete between rounds collapses to nothing (services 11)")
  void collapses() throws InterruptedException {
    sync();
    loop.accept(service(WEB, "10.96.0.1"));
    loop.accept(new ServiceChanged(WEB, null));
    assertThat(loop.status().queueDepth()).isEqualTo(1);
    loop.runPending();
    assertThat(first.applied).isEmpty();
  }

  @Test
  @DisplayName("a slice that moves to another service makes both dirty")
  void movedSlice() throws InterruptedException {
    loop.accept(slice("shared", WEB));
    sync();
    ObjectKey other = new ObjectKey("default", "other");
    loop.accept(slice("shared", other));
    loop.runPending();
    assertThat(first.applied).containsExactly(services(WEB, other));
  }

  @Test
  @DisplayName("failed keys are retried alone, later and later, and never stop the others")
  void retries() throws InterruptedException {
    sync();
    first.failing = keys -> keys.services().contains(WEB) ? services(WEB) : null;
    loop.accept(service(WEB, "10.96.0.1"));
    loop.accept(service(DNS, "10.96.0.2"));
    long wait = loop.runPending();

    assertThat(wait).isBetween(80_000_000L, 120_000_000L);
    assertThat(second.applied).containsExactly(services(WEB, DNS));
    assertThat(loop.status().subsystems().getFirst().problem()).isEqualTo("the kernel refuses");
    assertThat(loop.status().subsystems().getFirst().failedKeys()).isEqualTo(1);

    loop.runPending();
    assertThat(first.applied).as("not before it is due").hasSize(1);

    now.addAndGet(wait);
    wait = loop.runPending();
    assertThat(first.applied.getLast()).isEqualTo(services(WEB));
    assertThat(wait).isBetween(160_000_000L, 240_000_000L);
    assertThat(second.applied).as("has nothing to do").hasSize(1);

    first.failing = _ -> null;
    now.addAndGet(wait);
    loop.runPending();
    assertThat(loop.status().subsystems().getFirst().problem()).isNull();
    assertThat(loop.status().subsystems().getFirst().failures()).isEqualTo(2);
  }

  @Test
  @DisplayName("the delay of retries has a bound")
  void delayIsBounded() throws InterruptedException {
    sync();
    first.failing = keys -> keys;
    loop.accept(service(WEB, "10.96.0.1"));
    long wait = loop.runPending();
    for (int i = 0; i < 40; i++) {
      now.addAndGet(wait);
      wait = loop.runPending();
    }
    assertThat(first.applied).hasSizeGreaterThan(30);
    assertThat(wait).isLessThanOrEqualTo(TimeUnit.SECONDS.toNanos(36));
  }

  @Test
  @DisplayName("a fresh change does not wait for the retry of another")
  void freshDuringBackoff() throws InterruptedException {
    sync();
    first.failing = keys -> keys.services().contains(WEB) ? services(WEB) : null;
    loop.accept(service(WEB, "10.96.0.1"));
    loop.runPending();
    loop.accept(service(DNS, "10.96.0.2"));
    loop.runPending();
    assertThat(first.applied.getLast()).isEqualTo(services(DNS));

    first.failing = _ -> null;
    loop.accept(service(WEB, "10.96.0.9"));
    loop.runPending();
    assertThat(loop.status().subsystems().getFirst().failedKeys()).isZero();
  }

  @Test
  @DisplayName("an error nobody foresaw is retried like any other")
  void unexpectedError() throws InterruptedException {
    sync();
    first.failing =
        _ -> {
          throw new IllegalStateException("a bug");
        };
    loop.accept(service(WEB, "10.96.0.1"));
    loop.runPending();
    assertThat(second.applied).hasSize(1);
    assertThat(loop.status().subsystems().getFirst().problem()).contains("a bug");
  }

  @Test
  @DisplayName("tasks run before the subsystems of their round; a failing one stops nothing")
  void tasks() throws InterruptedException {
    sync();
    loop.submit(() -> {
      throw new IllegalStateException("a bug");
    });
    loop.submit(() -> loop.accept(service(DNS, "10.96.0.2")));
    loop.markDirty("second", services(WEB));
    loop.runPending();
    assertThat(first.applied).isEmpty();
    assertThat(second.applied).containsExactly(services(WEB));
    loop.runPending();
    assertThat(first.applied).containsExactly(services(DNS));
  }

  @Test
  @DisplayName("audits come regularly and on request")
  void audits() throws InterruptedException {
    sync();
    assertThat(first.audits).isZero();
    now.addAndGet(AUDIT);
    assertThat(loop.runPending()).isEqualTo(AUDIT);
    assertThat(first.audits).isEqualTo(1);
    loop.requestAudit();
    loop.runPending();
    assertThat(first.audits).isEqualTo(2);
    assertThat(second.audits).isEqualTo(2);
  }

  @Test
  @DisplayName("what an audit could not repair is tried again soon")
  void failedAudit() throws InterruptedException {
    sync();
    first.auditFails = services(WEB);
    loop.requestAudit();
    long wait = loop.runPending();
    assertThat(wait).isBetween(80_000_000L, 120_000_000L);
    assertThat(loop.status().subsystems().getFirst().problem()).isEqualTo("the audit: drift");
    now.addAndGet(wait);
    loop.runPending();
    assertThat(first.applied).containsExactly(services(WEB));
    assertThat(loop.status().subsystems().getFirst().problem()).isNull();
  }

  @Test
  @DisplayName("a changed configuration reaches all, and dirties whom it concerns")
  void reconfigured() throws Exception {
    sync();
    second.concernedByConfiguration = true;
    AgentConfiguration next =
        new ConfigurationReader(
                null, Map.of(ConfigurationKey.OVERLAY, "host-gw"), _ -> null, "host")
            .read();
    loop.reconfigure(next);
    loop.runPending();
    assertThat(first.configurations).containsExactly(next);
    assertThat(first.applied).isEmpty();
    assertThat(second.applied).containsExactly(DirtyKeys.EVERYTHING);
  }

  @Test
  @DisplayName("with its thread, a change is applied at once and a busy loop gathers the rest")
  void threaded() throws InterruptedException {
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    loop.start();
    try {
      loop.accept(new Synced());
      loop.submit(() -> {
        busy.countDown();
        try {
          release.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      });
      assertThat(busy.await(20, TimeUnit.SECONDS)).isTrue();
      for (int i = 0; i < 1000; i++) {
        loop.accept(service(WEB, "10.96.0." + i % 250));
      }
      assertThat(loop.status().queueDepth()).isEqualTo(1);
      release.countDown();
      Eventually.holds("the change is seen", () -> loop.status().services() == 1);
      assertThat(loop.isAlive()).isTrue();
    } finally {
      release.countDown();
      loop.close();
    }
    assertThat(loop.isAlive()).isFalse();
    assertThat(first.applied.size()).isLessThanOrEqualTo(3);
  }
}
