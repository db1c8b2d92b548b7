package io.fairlead.bench.policy;

import io.fairlead.dataplane.model.LabelSelector;
import io.fairlead.dataplane.model.NamespaceRecord;
import io.fairlead.dataplane.model.PodRecord;
import io.fairlead.dataplane.policy.enforcement.PeerSelector;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Who is meant by selectors, in a cluster that does not change meanwhile. */
final class Membership {

  private final ClusterObjects cluster;
  private final Map<PeerSelector, List<PodRecord>> members = new HashMap<>();

  Membership(ClusterObjects cluster) {
    this.cluster = cluster;
  }

  /** The pods of a namespace that are selected. */
  List<PodRecord> pods(String namespace, LabelSelector selector) {
    return pods(new PeerSelector(namespace, null, selector));
  }

  List<PodRecord> pods(PeerSelector selector) {
    return members.computeIfAbsent(
        selector, _ -> cluster.pods().stream().filter(pod -> matches(selector, pod)).toList());
  }

  private boolean matches(PeerSelector selector, PodRecord pod) {
    return matchesNamespace(selector, pod.key().namespace())
        && selector.pods().matches(pod.labels());
  }

  private boolean matchesNamespace(PeerSelector selector, String name) {
    LabelSelector namespaces = selector.namespaces();
    if (namespaces == null) {
      return name.equals(selector.namespace());
    }
    NamespaceRecord namespace = cluster.namespaces().get(name);
    return namespace != null && namespaces.matches(namespace.labels());
  }
}
