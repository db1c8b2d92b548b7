package io.fairlead.dataplane.model;

import org.jspecify.annotations.Nullable;

/**
 * One change in the cluster, already projected: what every source emits and the reconciling loop
 * consumes. A null record means that the object is gone, or is no longer one that fairlead handles.
 */
public sealed interface ObjectChange {

  record ServiceChanged(ObjectKey key, @Nullable ServiceRecord service) implements ObjectChange {}

  record EndpointSliceChanged(ObjectKey key, @Nullable EndpointSliceRecord slice)
      implements ObjectChange {}

  record NodeChanged(String name, @Nullable NodeRecord node) implements ObjectChange {}

  /** A pod that has ended is gone. */
  record PodChanged(ObjectKey key, @Nullable PodRecord pod) implements ObjectChange {}

  record NamespaceChanged(String name, @Nullable NamespaceRecord namespace)
      implements ObjectChange {}

  record NetworkPolicyChanged(ObjectKey key, @Nullable NetworkPolicyRecord policy)
      implements ObjectChange {}

  /**
   * The source has delivered everything that existed when it began. Until then the kernel is not
   * touched: a partial view must never remove anything.
   */
  record Synced() implements ObjectChange {}
}
