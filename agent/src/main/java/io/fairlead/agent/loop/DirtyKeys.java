package io.fairlead.agent.loop;

import io.fairlead.dataplane.model.ObjectKey;
import java.util.HashSet;
import java.util.Set;

/**
 * What may have to change in the kernel.
 *
 * @param everything if true, all keys are dirty and the sets are empty: the first round, and after
 *     a change of configuration
 * @param services keys of Services that changed themselves or whose EndpointSlices did
 * @param nodes names of Nodes that changed
 */
public record DirtyKeys(boolean everything, Set<ObjectKey> services, Set<String> nodes) {

  public static final DirtyKeys NONE = new DirtyKeys(false, Set.of(), Set.of());
  public static final DirtyKeys EVERYTHING = new DirtyKeys(true, Set.of(), Set.of());

  public DirtyKeys {
    services = everything ? Set.of() : Set.copyOf(services);
    nodes = everything ? Set.of() : Set.copyOf(nodes);
  }

  public boolean isEmpty() {
    return !everything && services.isEmpty() && nodes.isEmpty();
  }

  /** The keys that are named; everything counts as one. */
  public int size() {
    return services.size() + nodes.size() + (everything ? 1 : 0);
  }

  public DirtyKeys plus(DirtyKeys other) {
    if (isEmpty() || other.everything) {
      return other;
    }
    if (other.isEmpty() || everything) {
      return this;
    }
    return new DirtyKeys(false, union(services, other.services), union(nodes, other.nodes));
  }

  /** Without the keys of {@code other}; nothing is left if that is everything. */
  public DirtyKeys minus(DirtyKeys other) {
    if (other.everything) {
      return NONE;
    }
    return new DirtyKeys(
        everything, difference(services, other.services), difference(nodes, other.nodes));
  }

  private static <T> Set<T> union(Set<T> a, Set<T> b) {
    HashSet<T> union = new HashSet<>(a);
    union.addAll(b);
    return union;
  }

  private static <T> Set<T> difference(Set<T> a, Set<T> b) {
    HashSet<T> difference = new HashSet<>(a);
    difference.removeAll(b);
    return difference;
  }
}
