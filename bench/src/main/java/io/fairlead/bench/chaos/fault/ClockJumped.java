package io.fairlead.bench.chaos.fault;

import io.fairlead.bench.chaos.cluster.AgentClock;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** An agent's clock is wrong for a while, and then right: two jumps. */
final class ClockJumped implements Fault {

  private static final List<Duration> JUMPS =
      List.of(
          Duration.ofHours(1),
          Duration.ofHours(-1),
          Duration.ofDays(400),
          Duration.ofDays(-400),
          Duration.ofSeconds(-30));

  @Override
  public String inject(Target target) throws IOException, UnsupportedFault {
    AgentClock clock = clock(target);
    Duration jump = target.choose(JUMPS);
    clock.jump(jump);
    return "the clock of the agent of " + target.node().name() + " jumps by " + jump;
  }

  @Override
  public void undo(Target target) throws IOException {
    AgentClock clock = target.cluster().clock(target.node());
    if (clock != null) {
      clock.jump(Duration.ZERO);
    }
  }

  private static AgentClock clock(Target target) throws UnsupportedFault {
    AgentClock clock = target.cluster().clock(target.node());
    if (clock == null) {
      throw new UnsupportedFault(target.cluster().withoutClocks());
    }
    return clock;
  }
}
