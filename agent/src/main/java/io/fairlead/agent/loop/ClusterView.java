package io.fairlead.agent.loop;

import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.ServiceRecord;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * The cluster as the agent knows it now. Only for the reconciling thread, during the call that it
 * was given to and in the thread's tasks, to which it shows the cluster as it was in the last
 * round; the records themselves are immutable and may be kept.
 */
public interface ClusterView {

  @Nullable ServiceRecord service(ObjectKey key);

  Collection<ServiceRecord> services();

  /** The slices of a Service, whether it exists or not; empty if there are none. */
  Collection<EndpointSliceRecord> slices(ObjectKey service);

  @Nullable NodeRecord node(String name);

  Collection<NodeRecord> nodes();

  /** What policies are made of. */
  PolicyObjects policyObjects();
}
