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
 * @param pods keys of Pods that changed, or are gone or have ended
 * @param namespaces names of Namespaces that changed; the keys of what is in them are not here
 * @param networkPolicies keys of NetworkPolicies that changed
 */
public record DirtyKeys(
    boolean everything,
    Set<ObjectKey> services,
    Set<String> nodes,
    Set<ObjectKey> pods,
    Set<String> namespaces,
    Set<ObjectKey> networkPolicies) {

  public static final DirtyKeys NONE = new DirtyKeys(false, Set.of(), Set.of());
  public static final DirtyKeys EVERYTHING = new DirtyKeys(true, Set.of(), Set.of());

  public DirtyKeys {
    services = everything ? Set.of() : Set.copyOf(services);
    nodes = everything ? Set.of() : Set.copyOf(nodes);
    pods = everything ? Set.of() : Set.copyOf(pods);
    namespaces = everything ? Set.of() : Set.copyOf(namespaces);
    networkPolicies = everything ? Set.of() : Set.copyOf(networkPolicies);
  }

  /** Keys of Services and names of Nodes alone. */
  public DirtyKeys(boolean everything, Set<ObjectKey> services, Set<String> nodes) {
    this(everything, services, nodes, Set.of(), Set.of(), Set.of());
  }

  public boolean isEmpty() {
    return size() == 0;
  }

  /** The keys that are named; everything counts as one. */
  public int size() {
    return services.size()
        + nodes.size()
        + pods.size()
        + namespaces.size()
        + networkPolicies.size()
        + (everything ? 1 : 0);
  }

  public DirtyKeys plus(DirtyKeys other) {
    if (isEmpty() || other.everything) {
      return other;
    }
    if (other.isEmpty() || everything) {
      return this;
    }
    return new DirtyKeys(
        false,
        union(services, other.services),
        union(nodes, other.nodes),
        union(pods, other.pods),
        union(namespaces, other.namespaces),
        union(networkPolicies, other.networkPolicies));
  }

  /** Without the keys of {@code other}; nothing is left if that is everything. */
  public DirtyKeys minus(DirtyKeys other) {
    if (other.everything) {
      return NONE;
    }
    return new DirtyKeys(
        everything,
        difference(services, other.services),
        difference(nodes, other.nodes),
        difference(pods, other.pods),
        difference(namespaces, other.namespaces),
        difference(networkPolicies, other.networkPolicies));
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
