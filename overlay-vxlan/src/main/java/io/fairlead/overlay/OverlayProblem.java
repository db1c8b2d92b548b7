package io.fairlead.overlay;

/**
 * Something that keeps pods of a node from being reached.
 *
 * @param node the node whose pods are concerned
 * @param sentence what is wrong, and the mend
 */
public record OverlayProblem(String node, String sentence) {

  @Override
  public String toString() {
    return "node " + node + ": " + sentence;
  }
}
