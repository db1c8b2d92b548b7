package io.fairlead.bench.policy.matrix;

import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PodRecord;
import io.fairlead.dataplane.netlink.nftables.NfTablesKernel;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.policy.enforcement.Enforcement;
import io.fairlead.dataplane.policy.enforcement.PodAttachment;
import io.fairlead.dataplane.testing.TestNamespace;
import io.fairlead.nftables.policy.NftablesPolicies;
import io.fairlead.nftables.policy.PolicySettings;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A node that enforces what is in the cluster. Not thread-safe. */
final class EnforcedCluster implements AutoCloseable {

  /** Nobody listens. */
  private static final PolicySettings SETTINGS =
      new PolicySettings(PodNetwork.POD_NETWORKS, 100, 10);

  private final NfTablesKernel kernel;
  private final Enforcement enforcement = new Enforcement(ClusterState.NODE, false);
  private final NftablesPolicies policies;
  private ClusterState state = ClusterState.EMPTY;

  private EnforcedCluster(NfTablesKernel kernel) {
    this.kernel = kernel;
    policies = new NftablesPolicies(kernel, enforcement, SETTINGS);
  }

  /** Over a kernel that refuses to add what contains a text. */
  static EnforcedCluster open(TestNamespace node, String refused) throws Exception {
    return new EnforcedCluster(RefusingKernel.of(node.call(NfTablesSocket::open), refused));
  }

  ClusterState state() {
    return state;
  }

  NftablesPolicies policies() {
    return policies;
  }

  /** Brings node and kernel to another state of the cluster, by what differs only. */
  List<String> become(ClusterState wanted) throws IOException {
    ClusterState without = wanted;
    for (PodRecord pod : state.pods().values()) {
      PodRecord successor = wanted.pods().get(pod.key());
      if (successor != null && !successor.uid().equals(pod.uid())) {
        without = without.withoutPod(pod.key());
      }
    }
    if (without.pods().size() < wanted.pods().size() && !state.pods().isEmpty()) {
      pass(without);
    }
    return pass(wanted);
  }

  private List<String> pass(ClusterState wanted) throws IOException {
    difference(state.namespaces(), wanted.namespaces(), enforcement::namespace);
    difference(state.pods(), wanted.pods(), this::attach);
    difference(state.policies(), wanted.policies(), enforcement::policy);
    difference(state.pods(), wanted.pods(), enforcement::pod);
    state = wanted;
    policies.update(enforcement.take());
    return policies.commit();
  }

  /** As the CNI plugin says it: before the API server knows the pod's addresses. */
  private void attach(ObjectKey key, @Nullable PodRecord pod) {
    String id = "attachment of " + key;
    if (pod == null) {
      enforcement.detach(id);
    } else if (ClusterState.NODE.equals(pod.node()) && !pod.hostNetwork()) {
      PodRecord before = state.pods().get(key);
      if (before == null || !before.uid().equals(pod.uid())) {
        enforcement.attach(new PodAttachment(id, key, pod.uid(), pod.addresses()));
      }
    }
  }

  private static <K, V> void difference(
      Map<K, V> before, Map<K, V> after, BiConsumer<K, @Nullable V> change) {
    before.keySet().stream()
        .filter(key -> !after.containsKey(key))
        .forEach(key -> change.accept(key, null));
    after.forEach((key, value) -> {
      if (!Objects.equals(before.get(key), value)) {
        change.accept(key, value);
      }
    });
  }

  @Override
  public void close() {
    kernel.close();
  }
}
