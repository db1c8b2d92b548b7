package io.fairlead.agent.subsystem.policy;

import io.fairlead.agent.loop.ClusterView;
import io.fairlead.agent.loop.PolicyObjects;
import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.NamespaceRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PodRecord;
import io.fairlead.dataplane.model.ServiceRecord;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Objects that a test puts and takes away. */
final class FakeCluster implements ClusterView, PolicyObjects {

  final Map<ObjectKey, PodRecord> pods = new LinkedHashMap<>();
  final Map<String, NamespaceRecord> namespaces = new LinkedHashMap<>();
  final Map<ObjectKey, NetworkPolicyRecord> policies = new LinkedHashMap<>();
  final Map<String, NodeRecord> nodes = new LinkedHashMap<>();

  @Override
  public @Nullable ServiceRecord service(ObjectKey key) {
    return null;
  }

  @Override
  public Collection<ServiceRecord> services() {
    return List.of();
  }

  @Override
  public Collection<EndpointSliceRecord> slices(ObjectKey service) {
    return List.of();
  }

  @Override
  public @Nullable NodeRecord node(String name) {
    return nodes.get(name);
  }

  @Override
  public Collection<NodeRecord> nodes() {
    return nodes.values();
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
    return pods.values();
  }

  @Override
  public @Nullable NamespaceRecord namespace(String name) {
    return namespaces.get(name);
  }

  @Override
  public Collection<NamespaceRecord> namespaces() {
    return namespaces.values();
  }

  @Override
  public @Nullable NetworkPolicyRecord networkPolicy(ObjectKey key) {
    return policies.get(key);
  }

  @Override
  public Collection<NetworkPolicyRecord> networkPolicies() {
    return policies.values();
  }
}
