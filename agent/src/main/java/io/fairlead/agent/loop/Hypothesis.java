package io.fairlead.agent.loop;

import io.fairlead.agent.history.Effect;
import io.fairlead.dataplane.model.ObjectChange;

/**
 * The cluster as it would be after changes that nobody has made. A copy: what it begins with is not
 * touched, and what happens to that later does not show. For one thread at a time.
 */
public final class Hypothesis {

  private final ClusterState state = new ClusterState();

  /** Begins with the cluster as it is; costs a copy of all keys. */
  public Hypothesis(ClusterView present) {
    state.takeOver(present);
  }

  /** Makes a change, and tells what it does. */
  public Effect apply(ObjectChange change) {
    return state.apply(change);
  }

  /** The cluster with all changes so far. */
  public ClusterView view() {
    return state;
  }
}
