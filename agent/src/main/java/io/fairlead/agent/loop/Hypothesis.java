package io.fairlead.agent.loop;

import io.fairlead.dataplane.model.ObjectChange;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The cluster as it would be after changes that nobody has made. A copy: what it begins with is not
 * touched, and what happens to that later does not show. For one thread at a time.
 */
public final class Hypothesis {

  /** What a change does. */
  public enum Effect {
    ADDED,
    CHANGED,
    REMOVED,
    UNCHANGED
  }

  private final ClusterState state = new ClusterState();

  /** Begins with the cluster as it is; costs a copy of all keys. */
  public Hypothesis(ClusterView present) {
    state.takeOver(present);
  }

  /** Makes a change, and tells what it does. */
  public Effect apply(ObjectChange change) {
    @Nullable Object before = state.record(change);
    state.apply(change);
    @Nullable Object after = state.record(change);
    if (Objects.equals(before, after)) {
      return Effect.UNCHANGED;
    }
    return before == null ? Effect.ADDED : after == null ? Effect.REMOVED : Effect.CHANGED;
  }

  /** The cluster with all changes so far. */
  public ClusterView view() {
    return state;
  }
}
