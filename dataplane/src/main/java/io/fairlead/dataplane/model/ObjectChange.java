package io.fairlead.dataplane.model;

import org.jspecify.annotations.Nullable;

/**
 * One change in the cluster, already projected: what every source emits and the reconciling loop
 * consumes. A null record means that the object is gone, or is no longer one that fairlead handles.
 * Changes without a version are those whose origin nobody asks for, as in tests.
 */
public sealed interface ObjectChange {

  /**
   * What the source calls this state of the object: its resourceVersion, or the file and line of
   * its manifest. Of an object that is gone, its last one. Empty if unknown.
   */
  String version();

  /** The same change, with the source's name for it. */
  ObjectChange at(String version);

  record ServiceChanged(ObjectKey key, @Nullable ServiceRecord service, String version)
      implements ObjectChange {
    public ServiceChanged(ObjectKey key, @Nullable ServiceRecord service) {
      this(key, service, "");
    }

    @Override
    public ServiceChanged at(String origin) {
      return new ServiceChanged(key, service, origin);
    }
  }

  record EndpointSliceChanged(ObjectKey key, @Nullable EndpointSliceRecord slice, String version)
      implements ObjectChange {
    public EndpointSliceChanged(ObjectKey key, @Nullable EndpointSliceRecord slice) {
      this(key, slice, "");
    }

    @Override
    public EndpointSliceChanged at(String origin) {
      return new EndpointSliceChanged(key, slice, origin);
    }
  }

  record NodeChanged(String name, @Nullable NodeRecord node, String version)
      implements ObjectChange {
    public NodeChanged(String name, @Nullable NodeRecord node) {
      this(name, node, "");
    }

    @Override
    public NodeChanged at(String origin) {
      return new NodeChanged(name, node, origin);
    }
  }

  /** A pod that has ended is gone. */
  record PodChanged(ObjectKey key, @Nullable PodRecord pod, String version)
      implements ObjectChange {
    public PodChanged(ObjectKey key, @Nullable PodRecord pod) {
      this(key, pod, "");
    }

    @Override
    public PodChanged at(String origin) {
      return new PodChanged(key, pod, origin);
    }
  }

  record NamespaceChanged(String name, @Nullable NamespaceRecord namespace, String version)
      implements ObjectChange {
    public NamespaceChanged(String name, @Nullable NamespaceRecord namespace) {
      this(name, namespace, "");
    }

    @Override
    public NamespaceChanged at(String origin) {
      return new NamespaceChanged(name, namespace, origin);
    }
  }

  record NetworkPolicyChanged(ObjectKey key, @Nullable NetworkPolicyRecord policy, String version)
      implements ObjectChange {
    public NetworkPolicyChanged(ObjectKey key, @Nullable NetworkPolicyRecord policy) {
      this(key, policy, "");
    }

    @Override
    public NetworkPolicyChanged at(String origin) {
      return new NetworkPolicyChanged(key, policy, origin);
    }
  }

  /**
   * The source has delivered everything that existed when it began. Until then the kernel is not
   * touched: a partial view must never remove anything.
   */
  record Synced() implements ObjectChange {

    @Override
    public String version() {
      return "";
    }

    @Override
    public Synced at(String origin) {
      return this;
    }
  }
}
