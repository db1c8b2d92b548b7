package io.fairlead.agent.loop;

import java.util.List;

/**
 * How the reconciling thread is doing, as of the end of its last round.
 *
 * @param synced whether the source has delivered everything, so that the kernel may be touched
 * @param pods that have not ended; none, as of the other two, if policies are off
 * @param rounds that called a subsystem
 * @param millisecondsSinceSync since the last of them ended; -1 before the first
 * @param busyMilliseconds how long the present round has lasted; 0 if idle
 */
public record LoopStatus(
    boolean synced,
    int services,
    int endpointSlices,
    int nodes,
    int pods,
    int namespaces,
    int networkPolicies,
    int queueDepth,
    long rounds,
    long millisecondsSinceSync,
    long busyMilliseconds,
    List<SubsystemStatus> subsystems) {

  public LoopStatus {
    subsystems = List.copyOf(subsystems);
  }
}
