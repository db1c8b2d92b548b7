package io.fairlead.dataplane.model;

/**
 * What names an object of one kind in a cluster.
 *
 * @param namespace empty for cluster-wide kinds such as Node
 */
public record ObjectKey(String namespace, String name) implements Comparable<ObjectKey> {

  /** The key of an object of a cluster-wide kind. */
  public static ObjectKey cluster(String name) {
    return new ObjectKey("", name);
  }

  @Override
  public int compareTo(ObjectKey other) {
    int order = namespace.compareTo(other.namespace);
    return order != 0 ? order : name.compareTo(other.name);
  }

  /** "namespace/name", or the name alone for a cluster-wide kind. */
  @Override
  public String toString() {
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }
}
