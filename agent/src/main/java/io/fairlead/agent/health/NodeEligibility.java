package io.fairlead.agent.health;

import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.model.ObjectChange;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Whether load balancers should send new connections to this node: not while it is about to go away
 * and not once its Node object is gone. A node that was never seen may just not be known yet, so it
 * is eligible. Sees every change of the cluster; thread-safe.
 */
public final class NodeEligibility implements Consumer<ObjectChange> {

  private final String nodeName;
  private volatile boolean eligible = true;

  /**
   * @param nodeName the own Node's name
   */
  public NodeEligibility(String nodeName) {
    this.nodeName = nodeName;
  }

  @Override
  public void accept(ObjectChange change) {
    switch (change) {
      case ObjectChange.NodeChanged(String name, @Nullable NodeRecord node, String _) -> {
        if (name.equals(nodeName)) {
          eligible = node != null && !node.leaving();
        }
      }
      case ObjectChange.ServiceChanged _,
          ObjectChange.EndpointSliceChanged _,
          ObjectChange.PodChanged _,
          ObjectChange.NamespaceChanged _,
          ObjectChange.NetworkPolicyChanged _,
          ObjectChange.Synced _ -> {}
    }
  }

  public boolean isEligible() {
    return eligible;
  }
}
