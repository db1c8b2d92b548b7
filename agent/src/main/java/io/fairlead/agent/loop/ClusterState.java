package io.fairlead.agent.loop;

import io.fairlead.agent.history.Effect;
import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.NamespaceRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.model.ObjectChange;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PodRecord;
import io.fairlead.dataplane.model.ServiceRecord;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All records, and the keys that changed since they were last asked for. A change that leaves a
 * record as it was makes nothing dirty. Not thread-safe: the reconciling thread owns it.
 */
final class ClusterState implements ClusterView, PolicyObjects {

  private final Map<ObjectKey, ServiceRecord> services = new HashMap<>();
  private final Map<ObjectKey, EndpointSliceRecord> slices = new HashMap<>();
  private final Map<ObjectKey, Map<ObjectKey, EndpointSliceRecord>> slicesByService =
      new HashMap<>();
  private final Map<String, NodeRecord> nodes = new HashMap<>();
  private final Map<ObjectKey, PodRecord> pods = new HashMap<>();
  private final Map<String, NamespaceRecord> namespaces = new HashMap<>();
  private final Map<ObjectKey, NetworkPolicyRecord> policies = new HashMap<>();
  private Set<ObjectKey> dirtyServices = new HashSet<>();
  private Set<String> dirtyNodes = new HashSet<>();
  private Set<ObjectKey> dirtyPods = new HashSet<>();
  private Set<String> dirtyNamespaces = new HashSet<>();
  private Set<ObjectKey> dirtyPolicies = new HashSet<>();
  private boolean synced;

  /** Takes a change over, and tells what it made of the object. */
  Effect apply(ObjectChange change) {
    return switch (change) {
      case ObjectChange.ServiceChanged(ObjectKey key, @Nullable ServiceRecord service, String _) ->
          put(services, key, service, dirtyServices);
      case ObjectChange.EndpointSliceChanged(
              ObjectKey key,
              @Nullable EndpointSliceRecord slice,
              String _) ->
          applySlice(key, slice);
      case ObjectChange.NodeChanged(String name, @Nullable NodeRecord node, String _) ->
          put(nodes, name, node, dirtyNodes);
      case ObjectChange.PodChanged(ObjectKey key, @Nullable PodRecord pod, String _) ->
          put(pods, key, pod, dirtyPods);
      case ObjectChange.NamespaceChanged(
              String name,
              @Nullable NamespaceRecord namespace,
              String _) ->
          put(namespaces, name, namespace, dirtyNamespaces);
      case ObjectChange.NetworkPolicyChanged(
              ObjectKey key,
              @Nullable NetworkPolicyRecord policy,
              String _) ->
          put(policies, key, policy, dirtyPolicies);
      case ObjectChange.Synced() -> {
        synced = true;
        yield Effect.NONE;
      }
    };
  }

  private static <K, V> Effect put(Map<K, V> map, K key, @Nullable V value, Set<K> dirty) {
    Effect effect = put(map, key, value);
    if (effect != Effect.NONE) {
      dirty.add(key);
    }
    return effect;
  }

  private static <K, V> Effect put(Map<K, V> map, K key, @Nullable V value) {
    V before = value == null ? map.remove(key) : map.put(key, value);
    return Objects.equals(before, value) ? Effect.NONE : Effect.of(before != null, value != null);
  }

  /** The Service of a slice that is known; null if it is not. */
  @Nullable ObjectKey serviceOf(ObjectKey slice) {
    EndpointSliceRecord known = slices.get(slice);
    return known == null ? null : known.service();
  }

  private Effect applySlice(ObjectKey key, @Nullable EndpointSliceRecord slice) {
    EndpointSliceRecord before = slices.get(key);
    Effect effect = put(slices, key, slice);
    if (effect == Effect.NONE) {
      return effect;
    }
    if (before != null) {
      Map<ObjectKey, EndpointSliceRecord> siblings = slicesByService.get(before.service());
      if (siblings != null) {
        siblings.remove(key);
        if (siblings.isEmpty()) {
          slicesByService.remove(before.service());
        }
      }
      dirtyServices.add(before.service());
    }
    if (slice != null) {
      slicesByService.computeIfAbsent(slice.service(), _ -> new HashMap<>(2)).put(key, slice);
      dirtyServices.add(slice.service());
    }
    return effect;
  }

  /** Takes over all records of another. */
  void takeOver(ClusterView other) {
    other.nodes().forEach(node -> nodes.put(node.name(), node));
    other.services().forEach(service -> services.put(service.key(), service));
    if (other instanceof ClusterState whole) {
      whole.slices.forEach(this::applySlice);
    } else {
      other
          .services()
          .forEach(service ->
              other.slices(service.key()).forEach(slice -> applySlice(slice.key(), slice)));
    }
    PolicyObjects objects = other.policyObjects();
    objects.pods().forEach(pod -> pods.put(pod.key(), pod));
    objects.namespaces().forEach(namespace -> namespaces.put(namespace.name(), namespace));
    objects.networkPolicies().forEach(policy -> policies.put(policy.key(), policy));
  }

  boolean isSynced() {
    return synced;
  }

  int sliceCount() {
    return slices.size();
  }

  /** The keys that changed since the last call. */
  DirtyKeys takeDirty() {
    DirtyKeys dirty =
        new DirtyKeys(false, dirtyServices, dirtyNodes, dirtyPods, dirtyNamespaces, dirtyPolicies);
    dirtyServices = new HashSet<>();
    dirtyNodes = new HashSet<>();
    dirtyPods = new HashSet<>();
    dirtyNamespaces = new HashSet<>();
    dirtyPolicies = new HashSet<>();
    return dirty;
  }

  @Override
  public @Nullable ServiceRecord service(ObjectKey key) {
    return services.get(key);
  }

  @Override
  public Collection<ServiceRecord> services() {
    return Collections.unmodifiableCollection(services.values());
  }

  @Override
  public Collection<EndpointSliceRecord> slices(ObjectKey service) {
    Map<ObjectKey, EndpointSliceRecord> found = slicesByService.get(service);
    return found == null
        ? Collections.emptyList()
        : Collections.unmodifiableCollection(found.values());
  }

  @Override
  public @Nullable NodeRecord node(String name) {
    return nodes.get(name);
  }

  @Override
  public Collection<NodeRecord> nodes() {
    return Collections.unmodifiableCollection(nodes.values());
  }

  @Override
  public PolicyObjects policyObjects() {
    return this;
  }

  @Override
  public @Nullable PodRecord pod(ObjectKey key) {
    return pods.get(key);
  }

  @Override
  public Collection<PodRecord> pods() {
    return Collections.unmodifiableCollection(pods.values());
  }

  @Override
  public @Nullable NamespaceRecord namespace(String name) {
    return namespaces.get(name);
  }

  @Override
  public Collection<NamespaceRecord> namespaces() {
    return Collections.unmodifiableCollection(namespaces.values());
  }

  @Override
  public @Nullable NetworkPolicyRecord networkPolicy(ObjectKey key) {
    return policies.get(key);
  }

  @Override
  public Collection<NetworkPolicyRecord> networkPolicies() {
    return Collections.unmodifiableCollection(policies.values());
  }
}
