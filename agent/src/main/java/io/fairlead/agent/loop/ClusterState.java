package io.fairlead.agent.loop;

import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.model.ObjectChange;
import io.fairlead.dataplane.model.ObjectKey;
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
final class ClusterState implements ClusterView {

  private final Map<ObjectKey, ServiceRecord> services = new HashMap<>();
  private final Map<ObjectKey, EndpointSliceRecord> slices = new HashMap<>();
  private final Map<ObjectKey, Map<ObjectKey, EndpointSliceRecord>> slicesByService =
      new HashMap<>();
  private final Map<String, NodeRecord> nodes = new HashMap<>();
  private Set<ObjectKey> dirtyServices = new HashSet<>();
  private Set<String> dirtyNodes = new HashSet<>();
  private boolean synced;

  void apply(ObjectChange change) {
    switch (change) {
      case ObjectChange.ServiceChanged(ObjectKey key, @Nullable ServiceRecord service) -> {
        if (put(services, key, service)) {
          dirtyServices.add(key);
        }
      }
      case ObjectChange.EndpointSliceChanged(ObjectKey key, @Nullable EndpointSliceRecord slice) ->
          applySlice(key, slice);
      case ObjectChange.NodeChanged(String name, @Nullable NodeRecord node) -> {
        if (put(nodes, name, node)) {
          dirtyNodes.add(name);
        }
      }
      case ObjectChange.Synced() -> synced = true;
    }
  }

  private static <K, V> boolean put(Map<K, V> map, K key, @Nullable V value) {
    V before = value == null ? map.remove(key) : map.put(key, value);
    return !Objects.equals(before, value);
  }

  private void applySlice(ObjectKey key, @Nullable EndpointSliceRecord slice) {
    EndpointSliceRecord before = slices.get(key);
    if (!put(slices, key, slice)) {
      return;
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
  }

  boolean isSynced() {
    return synced;
  }

  int sliceCount() {
    return slices.size();
  }

  /** The keys that changed since the last call. */
  DirtyKeys takeDirty() {
    DirtyKeys dirty = new DirtyKeys(false, dirtyServices, dirtyNodes);
    dirtyServices = new HashSet<>();
    dirtyNodes = new HashSet<>();
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
}
