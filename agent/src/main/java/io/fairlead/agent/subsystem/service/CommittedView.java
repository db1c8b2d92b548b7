package io.fairlead.agent.subsystem.service;

import io.fairlead.agent.loop.ClusterView;
import io.fairlead.agent.loop.PolicyObjects;
import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.ServiceRecord;
import io.fairlead.dataplane.service.ServiceChange;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The cluster as it is now, but some Services as they were when they were committed. */
final class CommittedView implements ClusterView {

  private record Seen(@Nullable ServiceRecord service, List<EndpointSliceRecord> slices) {}

  private final ClusterView now;
  private final Map<ObjectKey, Seen> committed = new HashMap<>();

  CommittedView(ClusterView now) {
    this.now = now;
  }

  /** From now on, these Services are shown as they are at this moment. */
  void keep(Collection<ServiceChange> changes) {
    for (ServiceChange change : changes) {
      ObjectKey key = change.service();
      committed.put(key, new Seen(now.service(key), List.copyOf(now.slices(key))));
    }
  }

  /** Shows what an earlier view keeps, unless it keeps the same itself. */
  void takeOver(CommittedView earlier) {
    earlier.committed.forEach(committed::putIfAbsent);
  }

  @Override
  public @Nullable ServiceRecord service(ObjectKey key) {
    Seen seen = committed.get(key);
    return seen == null ? now.service(key) : seen.service();
  }

  @Override
  public Collection<ServiceRecord> services() {
    return now.services();
  }

  @Override
  public Collection<EndpointSliceRecord> slices(ObjectKey key) {
    Seen seen = committed.get(key);
    return seen == null ? now.slices(key) : seen.slices();
  }

  @Override
  public @Nullable NodeRecord node(String name) {
    return now.node(name);
  }

  @Override
  public Collection<NodeRecord> nodes() {
    return now.nodes();
  }

  @Override
  public PolicyObjects policyObjects() {
    return now.policyObjects();
  }
}
