package io.fairlead.bench.policy;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.NamespaceRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PodRecord;
import io.fairlead.dataplane.policy.enforcement.PodAttachment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is in the cluster now, as records. Not thread-safe. */
public final class ClusterObjects {

  private final Population population;
  private final Map<ObjectKey, PodRecord> pods = new LinkedHashMap<>();
  private final Map<String, NamespaceRecord> namespaces = new LinkedHashMap<>();
  private final Map<ObjectKey, NetworkPolicyRecord> policies = new LinkedHashMap<>();

  private ClusterObjects(Population population) {
    this.population = population;
  }

  public static ClusterObjects of(Population population) {
    ClusterObjects made = new ClusterObjects(population);
    for (int i = 0; i < Population.NAMESPACES; i++) {
      NamespaceRecord namespace = Population.namespace(i);
      made.namespaces.put(namespace.name(), namespace);
    }
    for (int i = 0; i < population.pods(); i++) {
      PodRecord pod = population.pod(i);
      made.pods.put(pod.key(), pod);
    }
    for (int i = 0; i < population.policies(); i++) {
      made.add(Policies.of(population, i));
    }
    return made;
  }

  /** Adds a policy, or replaces the one with its name. */
  void add(NetworkPolicyRecord policy) {
    policies.put(policy.key(), policy);
  }

  /** Adds a pod, or replaces the one with its name. */
  void add(PodRecord pod) {
    pods.put(pod.key(), pod);
  }

  public void apply(Change change) {
    switch (change) {
      case Change.OfPod(_, ObjectKey key, PodRecord pod) -> {
        if (pod == null) {
          pods.remove(key);
        } else {
          pods.put(key, pod);
        }
      }
      case Change.OfPolicy(_, ObjectKey key, NetworkPolicyRecord policy) -> {
        if (policy == null) {
          policies.remove(key);
        } else {
          policies.put(key, policy);
        }
      }
    }
  }

  Population population() {
    return population;
  }

  Collection<PodRecord> pods() {
    return pods.values();
  }

  Map<String, NamespaceRecord> namespaces() {
    return namespaces;
  }

  Collection<NetworkPolicyRecord> policies() {
    return policies.values();
  }

  /** This node's pods. */
  List<PodRecord> localPods() {
    return pods.values().stream().filter(pod -> Population.NODE.equals(pod.node())).toList();
  }

  /** This node's pods as CNI attaches them. */
  List<PodAttachment> attachments() {
    List<PodAttachment> attachments = new ArrayList<>();
    for (PodRecord pod : localPods()) {
      List<IpAddress> addresses = pod.addresses();
      attachments.add(new PodAttachment(pod.key().name(), pod.key(), pod.uid(), addresses));
    }
    return attachments;
  }
}
