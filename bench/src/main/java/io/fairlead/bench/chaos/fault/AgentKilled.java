package io.fairlead.bench.chaos.fault;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/** kill -9, at times a second time while the agent starts again. */
final class AgentKilled implements Fault {

  private static final int LONGEST_START_MILLISECONDS = 1500;

  private boolean twice;

  @Override
  public String inject(Target target) throws IOException, InterruptedException {
    twice = target.random().nextInt(3) == 0;
    target.node().killAgent();
    return "kill -9 of the agent of "
        + target.node().name()
        + (twice ? ", and again while it starts" : "");
  }

  @Override
  public void undo(Target target) throws IOException, InterruptedException {
    target.node().startAgent();
    if (twice) {
      LockSupport.parkNanos(1_000_000L * target.random().nextInt(LONGEST_START_MILLISECONDS));
      target.node().killAgent();
      target.node().startAgent();
    }
  }
}
