package io.fairlead.bench.chaos.fault;

import io.fairlead.bench.chaos.cluster.StateDisk;
import java.io.IOException;

/** There is no byte left for leases; at times the agent has to start like that. */
final class DiskFull implements Fault {

  @Override
  public String inject(Target target) throws IOException, InterruptedException, UnsupportedFault {
    StateDisk disk = target.cluster().disk(target.node());
    if (disk == null) {
      throw new UnsupportedFault(target.cluster().withoutDisks());
    }
    disk.fill();
    boolean restarted = target.random().nextInt(3) == 0;
    if (restarted) {
      target.node().killAgent();
      target.node().startAgent();
    }
    return "the disk of "
        + target.node().name()
        + " is full"
        + (restarted ? ", and its agent is killed and started" : "");
  }

  @Override
  public void undo(Target target) throws IOException, InterruptedException {
    StateDisk disk = target.cluster().disk(target.node());
    if (disk != null) {
      disk.free();
    }
    if (!target.node().isAgentRunning()) {
      // It may refuse to start without a disk; a kubelet starts it again.
      target.node().startAgent();
    }
  }
}
