package io.fairlead.agent.source;

/**
 * An object, or a part of one, that is left out.
 *
 * @param name with its namespace, as ObjectKey prints it; for a manifest also its place
 * @param reason sentences that say what is wrong
 */
public record SkippedObject(String kind, String name, String reason)
    implements Comparable<SkippedObject> {

  @Override
  public int compareTo(SkippedObject other) {
    int order = kind.compareTo(other.kind);
    return order != 0 ? order : name.compareTo(other.name);
  }
}
