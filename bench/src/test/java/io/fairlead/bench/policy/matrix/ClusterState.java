package io.fairlead.bench.policy.matrix;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Labels;
import io.fairlead.dataplane.model.NamespaceRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PodRecord;
import io.fairlead.dataplane.model.PodRecord.ContainerPort;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.policy.ClusterPolicies;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What there is in the cluster at one moment. Immutable; each method gives another one. */
record ClusterState(
    Map<ObjectKey, PodRecord> pods,
    Map<String, NamespaceRecord> namespaces,
    Map<ObjectKey, NetworkPolicyRecord> policies)
    implements ClusterPolicies {

  static final String NODE = "node-1";
  static final String OTHER_NODE = "node-2";

  /** The label that every namespace has. */
  static final String NAMESPACE_NAME = "kubernetes.io/metadata.name";

  static final ClusterState EMPTY = new ClusterState(Map.of(), Map.of(), Map.of());

  ClusterState {
    // In order, so that the same seed makes the same changes in the same order.
    pods = Collections.unmodifiableMap(new TreeMap<>(pods));
    namespaces = Collections.unmodifiableMap(new TreeMap<>(namespaces));
    policies = Collections.unmodifiableMap(new TreeMap<>(policies));
  }

  /** The nine pods with label pod, in namespaces with label ns, without policies. */
  static ClusterState ofNinePods() {
    ClusterState state = EMPTY;
    for (String namespace : PodNetwork.NAMESPACES) {
      state = state.labelNamespace(namespace, "ns", namespace);
      for (String name : PodNetwork.NAMES) {
        state = state.with(pod(new ObjectKey(namespace, name)));
      }
    }
    return state;
  }

  private static PodRecord pod(ObjectKey key) {
    return new PodRecord(
        key,
        "uid-" + key,
        Labels.of(Map.of("pod", key.name())),
        PodNetwork.addresses(key),
        NODE,
        false,
        ports(key.name()),
        1);
  }

  /** Each port has a name of its own everywhere; "web" and "feed" are other ports elsewhere. */
  private static List<ContainerPort> ports(String pod) {
    List<ContainerPort> ports = new ArrayList<>();
    for (Protocol protocol : Protocol.values()) {
      String suffix = protocol.name().toLowerCase(Locale.ROOT);
      for (int port : PodNetwork.PORTS) {
        ports.add(new ContainerPort("serve-" + port + "-" + suffix, protocol, port));
      }
    }
    switch (pod) {
      case "a" -> {
        ports.add(new ContainerPort("web", Protocol.TCP, 80));
        ports.add(new ContainerPort("feed", Protocol.UDP, 81));
      }
      case "b" -> {
        ports.add(new ContainerPort("web", Protocol.TCP, 81));
        ports.add(new ContainerPort("feed", Protocol.UDP, 80));
        ports.add(new ContainerPort("feed", Protocol.SCTP, 81));
      }
      default -> {}
    }
    return ports;
  }

  ClusterState with(PodRecord pod) {
    return new ClusterState(put(pods, pod.key(), pod), namespaces, policies);
  }

  ClusterState with(NetworkPolicyRecord... created) {
    Map<ObjectKey, NetworkPolicyRecord> more = new TreeMap<>(policies);
    for (NetworkPolicyRecord policy : created) {
      more.put(policy.key(), policy);
    }
    return new ClusterState(pods, namespaces, more);
  }

  ClusterState withoutPolicy(String namespace, String name) {
    ObjectKey key = new ObjectKey(namespace, name);
    Objects.requireNonNull(policies.get(key), () -> "there is no policy " + key);
    Map<ObjectKey, NetworkPolicyRecord> fewer = new TreeMap<>(policies);
    fewer.remove(key);
    return new ClusterState(pods, namespaces, fewer);
  }

  ClusterState withoutPolicies() {
    return new ClusterState(pods, namespaces, Map.of());
  }

  ClusterState withoutPod(ObjectKey key) {
    Map<ObjectKey, PodRecord> fewer = new TreeMap<>(pods);
    fewer.remove(key);
    return new ClusterState(fewer, namespaces, policies);
  }

  PodRecord pod(String namespace, String name) {
    return Objects.requireNonNull(pods.get(new ObjectKey(namespace, name)));
  }

  /** Sets a label of a pod, or takes it away if {@code value} is null. */
  ClusterState labelPod(String namespace, String name, String label, @Nullable String value) {
    PodRecord pod = pod(namespace, name);
    return with(
        new PodRecord(
            pod.key(),
            pod.uid(),
            relabel(pod.labels(), label, value),
            pod.addresses(),
            pod.node(),
            pod.hostNetwork(),
            pod.ports(),
            pod.created()));
  }

  /** The pod is deleted, and one of the same name made that has its addresses but these labels. */
  ClusterState recreatePod(String namespace, String name, Map<String, String> labels) {
    PodRecord pod = pod(namespace, name);
    return with(
        new PodRecord(
            pod.key(),
            pod.uid() + "'",
            Labels.of(labels),
            pod.addresses(),
            pod.node(),
            pod.hostNetwork(),
            pod.ports(),
            pod.created() + 1));
  }

  /** Gives a pod other named ports. */
  ClusterState withPorts(String namespace, String name, ContainerPort... ports) {
    PodRecord pod = pod(namespace, name);
    return with(
        new PodRecord(
            pod.key(),
            pod.uid(),
            pod.labels(),
            pod.addresses(),
            pod.node(),
            pod.hostNetwork(),
            List.of(ports),
            pod.created()));
  }

  /** Sets a label of a namespace, or takes it away if {@code value} is null. */
  ClusterState labelNamespace(String name, String label, @Nullable String value) {
    NamespaceRecord namespace = namespaces.get(name);
    Labels labels =
        namespace == null ? Labels.of(Map.of(NAMESPACE_NAME, name)) : namespace.labels();
    NamespaceRecord relabelled = new NamespaceRecord(name, relabel(labels, label, value));
    return new ClusterState(pods, put(namespaces, name, relabelled), policies);
  }

  private static Labels relabel(Labels labels, String label, @Nullable String value) {
    Map<String, String> map = labels.toMap();
    if (value == null) {
      map.remove(label);
    } else {
      map.put(label, value);
    }
    return Labels.of(map);
  }

  private static <K, V> Map<K, V> put(Map<K, V> map, K key, V value) {
    Map<K, V> copy = new TreeMap<>(map);
    copy.put(key, value);
    return copy;
  }

  @Override
  public @Nullable PodRecord pod(IpAddress address) {
    for (PodRecord pod : pods.values()) {
      if (!pod.hostNetwork() && pod.addresses().contains(address)) {
        return pod;
      }
    }
    return null;
  }

  @Override
  public @Nullable NamespaceRecord namespace(String name) {
    return namespaces.get(name);
  }

  @Override
  public Collection<NetworkPolicyRecord> policies(String namespace) {
    return policies.values().stream()
        .filter(policy -> policy.key().namespace().equals(namespace))
        .toList();
  }
}
