package io.fairlead.bench.policy;

import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PodRecord;
import org.jspecify.annotations.Nullable;

/** One change of the cluster; a null record means that the object is gone. */
public sealed interface Change {

  Kind kind();

  ObjectKey key();

  record OfPod(Kind kind, ObjectKey key, @Nullable PodRecord pod) implements Change {}

  record OfPolicy(Kind kind, ObjectKey key, @Nullable NetworkPolicyRecord policy)
      implements Change {}

  /** What is changed. */
  enum Kind {
    /** A pod of another node moves from one application to another. */
    PEER_LABEL("peer relabelled"),
    /**
     * A pod of this node moves from one application to another, so that other policies select it.
     */
    LOCAL_LABEL("local pod relabelled"),
    PEER_GONE("peer gone"),
    PEER_COME("peer come"),
    /** One that selects all pods of this node and admits half of the cluster. */
    POLICY_CREATED("policy created"),
    POLICY_DELETED("policy deleted");

    private final String title;

    Kind(String title) {
      this.title = title;
    }

    /** As the tables show it. */
    public String title() {
      return title;
    }

    /** Whether no rule of anybody's need change for it, only who is meant by the rules. */
    boolean isOfPeers() {
      return switch (this) {
        case PEER_LABEL, PEER_GONE, PEER_COME -> true;
        case LOCAL_LABEL, POLICY_CREATED, POLICY_DELETED -> false;
      };
    }
  }
}
