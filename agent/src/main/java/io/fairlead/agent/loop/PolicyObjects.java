package io.fairlead.agent.loop;

import io.fairlead.dataplane.model.NamespaceRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PodRecord;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** The part of a {@link ClusterView} that policies are made of. */
public interface PolicyObjects {

  @Nullable PodRecord pod(ObjectKey key);

  Collection<PodRecord> pods();

  @Nullable NamespaceRecord namespace(String name);

  Collection<NamespaceRecord> namespaces();

  @Nullable NetworkPolicyRecord networkPolicy(ObjectKey key);

  Collection<NetworkPolicyRecord> networkPolicies();
}
