package io.fairlead.agent.kube;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fairlead.agent.source.ClusterSource;
import io.fairlead.agent.source.SkippedObject;
import io.fairlead.agent.source.SkippedObjects;
import io.fairlead.agent.source.SourceException;
import io.fairlead.agent.source.SourceStatus;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.model.ObjectChange;
import io.fairlead.dataplane.model.ObjectChange.EndpointSliceChanged;
import io.fairlead.dataplane.model.ObjectChange.NodeChanged;
import io.fairlead.dataplane.model.ObjectChange.ServiceChanged;
import io.fairlead.dataplane.model.ObjectChange.Synced;
import io.fairlead.dataplane.model.ObjectKey;
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

/**
 * The API server as a source: one informer per kind, with kube-proxy's label selectors and lists in
 * pages of 500. No API object outlives its arrival.
 */
public final class KubeSource implements ClusterSource {

  /** API servers send a bookmark about once a minute, so this much silence is a dead connection. */
  private static final Duration SILENCE_LIMIT = Duration.ofMinutes(5);

  private static final long PAGE = 500;

  private final KubernetesClient client;
  private final Duration silenceLimit;
  private final String nodeName;
  private final SkippedObjects skipped = new SkippedObjects();
  private final ScheduledExecutorService executor;
  private final VtepPublisher publisher;
  private final EventPublisher events;
  private volatile List<WatchedKind<?>> kinds = List.of();
  private volatile boolean synced;

  /**
   * @param nodeName the own Node's name
   */
  KubeSource(KubernetesClient client, String nodeName, Duration silenceLimit) {
    this.client = client;
    this.nodeName = nodeName;
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
   * @throws SourceException if neither leads to a cluster
   */
  public static KubeSource open(@Nullable Path kubeconfig, String nodeName) throws SourceException {
    return new KubeSource(ApiAccess.connect(kubeconfig), nodeName, SILENCE_LIMIT);
  }

  @Override
  public void start(Consumer<ObjectChange> sink) {
    WatchedKind<Service> services = services(sink);
    WatchedKind<EndpointSlice> slices = slices(sink);
    WatchedKind<Node> nodes = nodes(sink);
    kinds = List.of(services, slices, nodes);
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

  private WatchedKind<Service> services(Consumer<ObjectChange> sink) {
    ProjectingStore<Service> store =
        new ProjectingStore<>(
            Service::new,
            ServiceProjection::project,
            key -> new ServiceChanged(key, null),
            sink,
            (name, projected) -> leftOut("Service", name, projected),
            System::nanoTime);
    return new WatchedKind<>(
        "services",
        store,
        () ->
            client
                .services()
                .inAnyNamespace()
                .withLabelSelector(Labels.SELECTOR)
                .withLimit(PAGE)
                .runnableInformer(0),
        System::nanoTime);
  }

  private WatchedKind<EndpointSlice> slices(Consumer<ObjectChange> sink) {
    ProjectingStore<EndpointSlice> store =
        new ProjectingStore<>(
            EndpointSlice::new,
            EndpointSliceProjection::project,
            key -> new EndpointSliceChanged(key, null),
            sink,
            (name, projected) -> leftOut("EndpointSlice", name, projected),
            System::nanoTime);
    return new WatchedKind<>(
        "endpointslices",
        store,
        () ->
            client
                .discovery()
                .v1()
                .endpointSlices()
                .inAnyNamespace()
                .withLabelSelector(Labels.SELECTOR)
                .withLimit(PAGE)
                .runnableInformer(0),
        System::nanoTime);
  }

  private WatchedKind<Node> nodes(Consumer<ObjectChange> sink) {
    ProjectingStore<Node> store =
        new ProjectingStore<>(
            Node::new,
            NodeProjection::project,
            key -> new NodeChanged(key.name(), null),
            change -> {
              if (change instanceof NodeChanged node && node.name().equals(nodeName)) {
                publisher.seen(node.node());
              }
              sink.accept(change);
            },
            (name, projected) -> leftOut("Node", name, projected),
            System::nanoTime);
    return new WatchedKind<>(
        "nodes", store, () -> client.nodes().withLimit(PAGE).runnableInformer(0), System::nanoTime);
  }

  private void leftOut(String kind, String name, Projected projected) {
    skipped.update(kind, name, projected.problems());
    if (projected.problems().isEmpty()) {
      return;
    }
    ObjectKey service =
        switch (projected.change()) {
          case ServiceChanged change -> change.key();
          case EndpointSliceChanged change ->
              change.slice() == null ? null : change.slice().service();
          case NodeChanged _,
              ObjectChange.PodChanged _,
              ObjectChange.NamespaceChanged _,
              ObjectChange.NetworkPolicyChanged _,
              Synced _ ->
              null;
        };
    if (service != null) {
      report(
          service,
          "LeftOut",
          kind
              + " "
              + name
              + " is left out, wholly or in part: "
              + String.join("; ", projected.problems()));
    }
  }

  @Override
  public void report(ObjectKey service, String reason, String sentence) {
    events.report(service, reason, sentence);
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
        client.getMasterUrl().toString(), synced, problem, TimeUnit.NANOSECONDS.toMillis(oldest));
  }

  @Override
  public void publishVtepMac(MacAddress mac) {
    publisher.publish(mac);
  }

  @Override
  public void close() {
    kinds.forEach(WatchedKind::close);
    executor.shutdownNow();
    client.close();
  }
}
