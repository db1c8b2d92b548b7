package io.fairlead.agent.kube;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fairlead.agent.source.ClusterSource;
import io.fairlead.agent.source.ObjectReference;
import io.fairlead.agent.source.SkippedObject;
import io.fairlead.agent.source.SkippedObjects;
import io.fairlead.agent.source.SourceException;
import io.fairlead.agent.source.SourceStatus;
import io.fairlead.agent.source.VtepAnnouncement;
import io.fairlead.dataplane.model.ObjectChange;
import io.fairlead.dataplane.model.ObjectChange.EndpointSliceChanged;
import io.fairlead.dataplane.model.ObjectChange.NamespaceChanged;
import io.fairlead.dataplane.model.ObjectChange.NetworkPolicyChanged;
import io.fairlead.dataplane.model.ObjectChange.NodeChanged;
import io.fairlead.dataplane.model.ObjectChange.PodChanged;
import io.fairlead.dataplane.model.ObjectChange.ServiceChanged;
import io.fairlead.dataplane.model.ObjectChange.Synced;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The API server as a source: one informer per kind. No API object outlives its arrival. */
public final class KubeSource implements ClusterSource {

  /** API servers send a bookmark about once a minute, so this much silence is a dead connection. */
  private static final Duration SILENCE_LIMIT = Duration.ofMinutes(5);

  private final KubernetesClient client;
  private final Duration silenceLimit;
  private final String nodeName;
  private final boolean policies;
  private final SkippedObjects skipped = new SkippedObjects();
  private final ScheduledExecutorService executor;
  private final VtepPublisher publisher;
  private final EventPublisher events;
  private volatile List<WatchedKind<?>> kinds = List.of();
  private volatile boolean synced;

  /**
   * @param nodeName the own Node's name
   * @param policies whether to read what policies are made of: Pods, Namespaces, NetworkPolicies
   */
  KubeSource(Config config, String nodeName, boolean policies, Duration silenceLimit) {
    this.client = ApiAccess.client(config, new WatchAnswers(this::watchAnswered));
    this.nodeName = nodeName;
    this.policies = policies;
    this.silenceLimit = silenceLimit;
    this.executor =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("api").factory());
    this.publisher = new VtepPublisher(client, nodeName, executor);
    this.events = new EventPublisher(client, nodeName, executor, System::nanoTime);
  }

  /**
   * The cluster that {@code kubeconfig} names or, if it is null, the one this pod runs in.
   *
   * @param nodeName the own Node's name
   * @param policies whether to read what policies are made of: Pods, Namespaces, NetworkPolicies
   * @throws SourceException if neither leads to a cluster
   */
  public static KubeSource open(@Nullable Path kubeconfig, String nodeName, boolean policies)
      throws SourceException {
    return new KubeSource(ApiAccess.config(kubeconfig), nodeName, policies, SILENCE_LIMIT);
  }

  @Override
  public void start(Consumer<ObjectChange> sink) {
    WatchedKinds all = new WatchedKinds(client, change -> deliver(change, sink), this::leftOut);
    kinds = policies ? all.withPolicies() : all.withoutPolicies();
    CompletableFuture<?>[] started =
        kinds.stream().map(WatchedKind::start).toArray(CompletableFuture<?>[]::new);
    // Informers retry for ever, so this can only succeed.
    var unusedDelivery =
        CompletableFuture.allOf(started)
            .thenRun(() -> {
              synced = true;
              sink.accept(new Synced());
            });
    long period = Math.max(1, silenceLimit.toNanos() / 8);
    var unusedCheck =
        executor.scheduleWithFixedDelay(
            () -> kinds.forEach(kind -> kind.check(silenceLimit.toNanos())),
            period,
            period,
            TimeUnit.NANOSECONDS);
  }

  private void watchAnswered(String path, boolean granted) {
    for (WatchedKind<?> kind : kinds) {
      if (path.endsWith("/" + kind.plural())) {
        kind.answered(granted);
      }
    }
  }

  private void deliver(ObjectChange change, Consumer<ObjectChange> sink) {
    if (change instanceof NodeChanged node && node.name().equals(nodeName)) {
      publisher.seen(node.node());
    }
    sink.accept(change);
  }

  private void leftOut(String kind, String name, Projected projected) {
    skipped.update(kind, name, projected.problems());
    if (projected.problems().isEmpty()) {
      return;
    }
    ObjectReference concerned = concerned(projected.change());
    if (concerned != null) {
      report(
          concerned,
          "LeftOut",
          kind
              + " "
              + name
              + " is left out, wholly or in part: "
              + String.join("; ", projected.problems()));
    }
  }

  /** The object that people look at to learn of it. */
  private static @Nullable ObjectReference concerned(ObjectChange change) {
    return switch (change) {
      case ServiceChanged service -> ObjectReference.service(service.key());
      case EndpointSliceChanged slice ->
          slice.slice() == null ? null : ObjectReference.service(slice.slice().service());
      case NetworkPolicyChanged policy -> ObjectReference.networkPolicy(policy.key());
      case NodeChanged _, PodChanged _, NamespaceChanged _, Synced _ -> null;
    };
  }

  @Override
  public void report(ObjectReference object, String reason, String sentence) {
    events.report(object, reason, sentence);
  }

  /** A pod may run before the API server has told of it. */
  @Override
  public boolean hasAllPods() {
    return false;
  }

  @Override
  public List<SkippedObject> skipped() {
    return skipped.list();
  }

  @Override
  public SourceStatus status() {
    long now = System.nanoTime();
    long oldest = kinds.stream().mapToLong(kind -> now - kind.lastActivity()).max().orElse(0);
    String problem =
        kinds.stream().map(WatchedKind::problem).filter(Objects::nonNull).findFirst().orElse(null);
    return new SourceStatus(
        client.getMasterUrl().toString(),
        synced,
        problem,
        TimeUnit.NANOSECONDS.toMillis(oldest),
        kinds.stream()
            .map(kind ->
                new SourceStatus.Watch(
                    kind.plural(),
                    TimeUnit.NANOSECONDS.toMillis(now - kind.lastActivity()),
                    kind.problem()))
            .toList());
  }

  @Override
  public void publishVtep(VtepAnnouncement announcement) {
    publisher.publish(announcement);
  }

  @Override
  public void close() {
    kinds.forEach(WatchedKind::close);
    executor.shutdownNow();
    client.close();
  }
}
