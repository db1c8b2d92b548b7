package io.fairlead.dataplane.policy;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.NamespaceRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.PodRecord;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** What {@link PolicyEvaluator} has to know. */
public interface ClusterPolicies {

  /** The pod with a network of its own that has the address, or null. */
  @Nullable PodRecord pod(IpAddress address);

  @Nullable NamespaceRecord namespace(String name);

  /** The policies of a namespace, in no particular order. */
  Collection<NetworkPolicyRecord> policies(String namespace);
}
