package io.fairlead.agent.loop;

/**
 * How far the kernel is behind the cluster.
 *
 * @param millisecondsSinceQueued since a change came from the source; -1 if none has
 * @param millisecondsSinceApplied since nothing was left to do; -1 before the first time
 * @param lagMilliseconds how long the oldest change that waits for the reconciling thread has
 *     waited; 0 if none does
 */
public record QueueStatus(
    Changes services,
    Changes endpointSlices,
    Changes nodes,
    Changes pods,
    Changes namespaces,
    Changes networkPolicies,
    long millisecondsSinceQueued,
    long millisecondsSinceApplied,
    long lagMilliseconds) {

  /**
   * Changes of one kind of object.
   *
   * @param pending objects whose latest change waits for the reconciling thread
   * @param total changes since the start
   */
  public record Changes(int pending, long total) {}
}
