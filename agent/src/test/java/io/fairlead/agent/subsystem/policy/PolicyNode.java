package io.fairlead.agent.subsystem.policy;

import io.fairlead.agent.loop.DirtyKeys;
import io.fairlead.agent.loop.ReconcileLoop;
import io.fairlead.agent.loop.SubsystemException;
import io.fairlead.agent.metrics.PolicyMetrics;
import io.fairlead.cni.ipam.Lease;
import io.fairlead.cni.protocol.AttachmentKey;
import io.fairlead.cni.protocol.CniException;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Labels;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PodRecord;
import io.fairlead.dataplane.policy.enforcement.Enforcement;
import io.fairlead.dataplane.policy.enforcement.EnforcementChange;
import io.fairlead.nftables.policy.PolicySettings;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The policies of a node whose reconciling thread is the test's own. */
final class PolicyNode {

  static final Duration LONG = Duration.ofMinutes(1);

  final FakeCluster cluster = new FakeCluster();
  final List<String> log = Collections.synchronizedList(new ArrayList<>());
  final List<EnforcementChange> enforced = new ArrayList<>();
  final List<String> reports = new ArrayList<>();
  final Enforcement enforcement;
  final RecordingPolicyBackend backend;
  final AdmissionDesk desk;
  final PolicySubsystem subsystem;
  final Admission admission;
  List<Lease> present = List.of();

  /** Whose connections are kept when the others are shut in. */
  Set<IpAddress> held = Set.of();

  @Nullable IOException presentUnknown;
  volatile @Nullable IOException occupying;
  private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
  private DirtyKeys dirty = DirtyKeys.EVERYTHING;

  PolicyNode(boolean complete, Duration timeout) {
    enforcement = new Enforcement("node-1", complete);
    backend = new RecordingPolicyBackend(enforcement, log);
    FormerConnections connections =
        new FormerConnections() {
          @Override
          public void occupy(Collection<IpAddress> addresses) throws IOException {
            log.add("occupy " + addresses);
            IOException failure = occupying;
            if (failure != null) {
              throw failure;
            }
          }

          @Override
          public void release(Collection<IpAddress> addresses) {
            log.add("release " + addresses);
          }
        };
    desk =
        new AdmissionDesk(
            enforcement, connections, () -> mark(new DirtyKeys(false, Set.of(), Set.of("node-1"))));
    subsystem =
        new PolicySubsystem(
            "node-1",
            podNetworks -> new PolicySettings(podNetworks, 7, 100),
            enforcement,
            backend,
            desk,
            () -> {
              if (presentUnknown != null) {
                throw presentUnknown;
              }
              return present;
            },
            List.of(
                new EnforcementFollower() {
                  @Override
                  public void enforced(EnforcementChange change) {
                    enforced.add(change);
                  }

                  @Override
                  public void shutIn(List<Cidr> networks, Set<IpAddress> addresses) {
                    held = Set.copyOf(addresses);
                  }
                }),
            new PolicyMetrics(new PrometheusRegistry()),
            System::nanoTime,
            _ -> {},
            (policy, sentence) -> reports.add(policy + ": " + sentence),
            new ReconcileLoop(0, System::nanoTime, new SplittableRandom(), (_, _, _) -> {}));
    admission =
        new Admission(
            tasks::add,
            desk,
            connections,
            timeout,
            new Admission.Listener() {
              @Override
              public void admitted(Duration waited) {}

              @Override
              public void refused() {}
            });
  }

  static AttachmentKey key(String name) {
    return new AttachmentKey("n", "container-" + name, "eth0");
  }

  static Lease lease(String name, String address, String uid) {
    return new Lease(key(name), List.of(IpAddress.parse(address)), "default/" + name, uid);
  }

  static PodRecord record(String name, String uid) {
    return record(name, uid, List.of());
  }

  static PodRecord record(String name, String uid, List<IpAddress> addresses) {
    ObjectKey key = new ObjectKey("default", name);
    return new PodRecord(key, uid, Labels.NONE, addresses, "node-1", false, List.of(), 0);
  }

  void mark(DirtyKeys keys) {
    dirty = dirty.plus(keys);
  }

  void put(PodRecord pod) {
    cluster.pods.put(pod.key(), pod);
    mark(new DirtyKeys(false, Set.of(), Set.of(), Set.of(pod.key()), Set.of(), Set.of()));
  }

  void remove(PodRecord pod) {
    cluster.pods.remove(pod.key());
    mark(new DirtyKeys(false, Set.of(), Set.of(), Set.of(pod.key()), Set.of(), Set.of()));
  }

  void put(NetworkPolicyRecord policy) {
    cluster.policies.put(policy.key(), policy);
    mark(new DirtyKeys(false, Set.of(), Set.of(), Set.of(), Set.of(), Set.of(policy.key())));
  }

  /** Waits until a task has been submitted, runs all there are, and has the changes applied. */
  void roundAfterTask() throws Exception {
    Runnable first = tasks.poll(30, TimeUnit.SECONDS);
    if (first == null) {
      throw new AssertionError("nobody asked for anything");
    }
    first.run();
    round();
  }

  /** A round as the loop makes them; keys that failed are dirty in the next one. */
  void round() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
    if (dirty.isEmpty()) {
      return;
    }
    DirtyKeys keys = dirty;
    dirty = DirtyKeys.NONE;
    try {
      subsystem.apply(cluster, keys);
    } catch (SubsystemException e) {
      mark(e.failed());
      log.add("failed: " + e.getMessage());
    }
  }

  /** Asks on a thread of its own to let a pod in; the future has the refusal, if there is one. */
  CompletableFuture<Optional<CniException>> add(Lease lease) {
    CompletableFuture<Optional<CniException>> answer = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            admission.admit(lease);
            answer.complete(Optional.empty());
          } catch (CniException e) {
            answer.complete(Optional.of(e));
          } catch (RuntimeException | Error e) {
            answer.completeExceptionally(e);
          }
        });
    return answer;
  }

  static Optional<CniException> answer(CompletableFuture<Optional<CniException>> adding)
      throws Exception {
    return adding.get(30, TimeUnit.SECONDS);
  }
}
