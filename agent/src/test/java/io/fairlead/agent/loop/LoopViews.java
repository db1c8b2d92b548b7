package io.fairlead.agent.loop;

import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.model.ObjectChange;

/** Views of clusters for tests of what reads them. */
public final class LoopViews {

  private LoopViews() {}

  /** A cluster of these nodes and nothing else. */
  public static ClusterView of(NodeRecord... nodes) {
    ClusterState state = new ClusterState();
    for (NodeRecord node : nodes) {
      state.apply(new ObjectChange.NodeChanged(node.name(), node));
    }
    return state;
  }
}
