package io.fairlead.agent.kube;

import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.NamespaceRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.model.ObjectChange;
import io.fairlead.dataplane.model.PodRecord;
import io.fairlead.dataplane.model.ServiceRecord;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Keeps every change, and what exists after all of them, by plain names. */
final class RecordingSink implements Consumer<ObjectChange> {

  final List<ObjectChange> changes = new CopyOnWriteArrayList<>();
  private final Map<String, ServiceRecord> services = new ConcurrentHashMap<>();
  private final Map<String, EndpointSliceRecord> slices = new ConcurrentHashMap<>();
  private final Map<String, NodeRecord> nodes = new ConcurrentHashMap<>();
  private final Map<String, PodRecord> pods = new ConcurrentHashMap<>();
  private final Map<String, NamespaceRecord> namespaces = new ConcurrentHashMap<>();
  private final Map<String, NetworkPolicyRecord> policies = new ConcurrentHashMap<>();

  @Override
  public void accept(ObjectChange change) {
    switch (change) {
      case ObjectChange.ServiceChanged service ->
          put(services, service.key().name(), service.service());
      case ObjectChange.EndpointSliceChanged slice ->
          put(slices, slice.key().name(), slice.slice());
      case ObjectChange.NodeChanged node -> put(nodes, node.name(), node.node());
      case ObjectChange.PodChanged pod -> put(pods, pod.key().name(), pod.pod());
      case ObjectChange.NamespaceChanged namespace ->
          put(namespaces, namespace.name(), namespace.namespace());
      case ObjectChange.NetworkPolicyChanged policy ->
          put(policies, policy.key().name(), policy.policy());
      case ObjectChange.Synced _ -> {
        // Kept in the list alone.
      }
    }
    changes.add(change);
  }

  private static <T> void put(Map<String, T> map, String name, @Nullable T record) {
    if (record == null) {
      map.remove(name);
    } else {
      map.put(name, record);
    }
  }

  boolean synced() {
    return changes.contains(new ObjectChange.Synced());
  }

  Map<String, ServiceRecord> services() {
    return services;
  }

  Map<String, EndpointSliceRecord> slices() {
    return slices;
  }

  Map<String, NodeRecord> nodes() {
    return nodes;
  }

  Map<String, PodRecord> pods() {
    return pods;
  }

  Map<String, NamespaceRecord> namespaces() {
    return namespaces;
  }

  Map<String, NetworkPolicyRecord> policies() {
    return policies;
  }
}
