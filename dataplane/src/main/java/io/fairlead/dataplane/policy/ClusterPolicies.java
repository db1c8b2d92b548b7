package io.fairlead.dataplane.policy;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.NamespaceRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.PodRecord;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** What {@link PolicyEvaluator} has to know. */
public interface ClusterPolicies {

  /** The pod with a network of its own that has the address, or null: whom policies isolate. */
  @Nullable PodRecord pod(IpAddress address);

  /**
   * The same pod as the peer of others: null also for one that is gone from the API and still runs,
   * which stays isolated and is no peer any more.
   */
  default @Nullable PodRecord peer(IpAddress address) {
    return pod(address);
  }

  /** Null if it is not known (yet): then it has no label but that of its name. */
  @Nullable NamespaceRecord namespace(String name);

  /** The policies of a namespace, in no particular order. */
  Collection<NetworkPolicyRecord> policies(String namespace);
}
