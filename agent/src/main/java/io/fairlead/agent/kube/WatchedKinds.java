package io.fairlead.agent.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fairlead.dataplane.model.ObjectChange;
import io.fairlead.dataplane.model.ObjectChange.EndpointSliceChanged;
import io.fairlead.dataplane.model.ObjectChange.NamespaceChanged;
import io.fairlead.dataplane.model.ObjectChange.NetworkPolicyChanged;
import io.fairlead.dataplane.model.ObjectChange.NodeChanged;
import io.fairlead.dataplane.model.ObjectChange.PodChanged;
import io.fairlead.dataplane.model.ObjectChange.ServiceChanged;
import io.fairlead.dataplane.model.ObjectKey;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What is read of the API server: which kinds, what of them, and what becomes of their objects.
 * Lists come in pages of 500, with kube-proxy's label selectors.
 */
final class WatchedKinds {

  private static final long PAGE = 500;

  /** Told what each object is and what is wrong with it, also if nothing is. */
  interface Judge {
    void judge(String kind, String name, Projected projected);
  }

  private final KubernetesClient client;
  private final Consumer<ObjectChange> sink;
  private final Judge judge;

  WatchedKinds(KubernetesClient client, Consumer<ObjectChange> sink, Judge judge) {
    this.client = client;
    this.sink = sink;
    this.judge = judge;
  }

  /** What Services and the overlay are made of. */
  List<WatchedKind<?>> withoutPolicies() {
    return List.of(services(), slices(), nodes());
  }

  /** Beside that, what policies are made of. */
  List<WatchedKind<?>> withPolicies() {
    return Stream.concat(
            withoutPolicies().stream(), Stream.of(pods(), namespaces(), networkPolicies()))
        .toList();
  }

  private WatchedKind<Service> services() {
    return kind(
        "Service",
        Service::new,
        ServiceProjection::project,
        key -> new ServiceChanged(key, null),
        () ->
            client
                .services()
                .inAnyNamespace()
                .withLabelSelector(Labels.SELECTOR)
                .withLimit(PAGE)
                .runnableInformer(0));
  }

  private WatchedKind<EndpointSlice> slices() {
    return kind(
        "EndpointSlice",
        EndpointSlice::new,
        EndpointSliceProjection::project,
        key -> new EndpointSliceChanged(key, null),
        () ->
            client
                .discovery()
                .v1()
                .endpointSlices()
                .inAnyNamespace()
                .withLabelSelector(Labels.SELECTOR)
                .withLimit(PAGE)
                .runnableInformer(0));
  }

  private WatchedKind<Node> nodes() {
    return kind(
        "Node",
        Node::new,
        NodeProjection::project,
        key -> new NodeChanged(key.name(), null),
        () -> client.nodes().withLimit(PAGE).runnableInformer(0));
  }

  /** Without those that have ended: one that ends while it is watched arrives as deleted. */
  private WatchedKind<Pod> pods() {
    return kind(
        "Pod",
        Pod::new,
        PodProjection::project,
        key -> new PodChanged(key, null),
        () ->
            client
                .pods()
                .inAnyNamespace()
                .withoutField("status.phase", "Succeeded")
                .withoutField("status.phase", "Failed")
                .withLimit(PAGE)
                .runnableInformer(0));
  }

  private WatchedKind<Namespace> namespaces() {
    return kind(
        "Namespace",
        Namespace::new,
        NamespaceProjection::project,
        key -> new NamespaceChanged(key.name(), null),
        () -> client.namespaces().withLimit(PAGE).runnableInformer(0));
  }

  private WatchedKind<NetworkPolicy> networkPolicies() {
    return kind(
        "NetworkPolicy",
        NetworkPolicy::new,
        NetworkPolicyProjection::project,
        key -> new NetworkPolicyChanged(key, null),
        () ->
            client
                .network()
                .v1()
                .networkPolicies()
                .inAnyNamespace()
                .withLimit(PAGE)
                .runnableInformer(0));
  }

  private <T extends HasMetadata> WatchedKind<T> kind(
      String kind,
      Supplier<T> empty,
      Function<T, Projected> projection,
      Function<ObjectKey, ObjectChange> gone,
      Supplier<SharedIndexInformer<T>> informers) {
    ProjectingStore<T> store =
        new ProjectingStore<>(
            empty,
            projection,
            gone,
            sink,
            (name, projected) -> judge.judge(kind, name, projected),
            System::nanoTime);
    return new WatchedKind<>(empty.get().getPlural(), store, informers, System::nanoTime);
  }
}
