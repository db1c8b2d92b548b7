package io.fairlead.agent.metrics;

import io.fairlead.agent.loop.LoopStatus;
import io.fairlead.agent.loop.QueueStatus;
import io.fairlead.agent.loop.QueueStatus.Changes;
import io.fairlead.agent.loop.SubsystemStatus;
import java.util.List;
import java.util.Map;

/** Metrics of an agent with one subsystem. */
final class Samples {

  private Samples() {}

  static AgentMetrics agentMetrics() {
    LoopStatus loop =
        new LoopStatus(
            true,
            1,
            2,
            3,
            10,
            11,
            12,
            4,
            5,
            6,
            0,
            List.of(new SubsystemStatus("services", null, 7, 8, Map.of())));
    QueueStatus queue =
        new QueueStatus(
            new Changes(1, 10),
            new Changes(2, 20),
            new Changes(3, 30),
            new Changes(4, 40),
            new Changes(5, 50),
            new Changes(6, 60),
            0,
            -1,
            0);
    return new AgentMetrics("1.0", () -> loop, () -> queue, () -> 9);
  }
}
