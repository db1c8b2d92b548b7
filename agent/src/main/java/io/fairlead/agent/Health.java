package io.fairlead.agent;

import io.fairlead.agent.loop.LoopStatus;
import io.fairlead.agent.loop.SubsystemStatus;
import io.fairlead.agent.source.SourceStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with an agent, as sentences. A pure function of its parts' states. */
final class Health {

  /** A round that lasts longer than this is stuck. */
  static final Duration LONGEST_ROUND = Duration.ofMinutes(2);

  private Health() {}

  /** Why the agent does not do its whole work at present; empty if it does. */
  static List<String> problems(SourceStatus source, LoopStatus loop, boolean alive) {
    List<String> problems = new ArrayList<>(notReady(source, loop, alive));
    String sourceProblem = source.problem();
    if (sourceProblem != null) {
      problems.add(source.origin() + ": " + sourceProblem);
    }
    return problems;
  }

  /**
   * Why the kernel is not as the cluster was last seen to want it; empty if it is. An API server
   * that is away later is no reason: load balancers must not give up every node of a cluster at
   * once because of it.
   */
  static List<String> notReady(SourceStatus source, LoopStatus loop, boolean alive) {
    List<String> problems = new ArrayList<>(alive(loop, alive));
    if (!loop.synced()) {
      problems.add(
          "Not everything has been read from "
              + source.origin()
              + " yet, so the kernel is left as it is");
    }
    for (SubsystemStatus subsystem : loop.subsystems()) {
      String problem = subsystem.problem();
      if (problem != null) {
        problems.add(subsystem.name() + ": " + problem);
      }
    }
    return problems;
  }

  /** Why only a restart can help; empty if there is no reason for one. */
  static List<String> alive(LoopStatus loop, boolean alive) {
    if (!alive) {
      return List.of("The reconciling thread has ended; restart the agent");
    }
    return loop.busyMilliseconds() > LONGEST_ROUND.toMillis()
        ? List.of(
            "The reconciling thread has been busy for "
                + loop.busyMilliseconds() / 1000
                + " s with one round; restart the agent")
        : List.of();
  }
}
