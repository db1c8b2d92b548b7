package io.fairlead.bench.chaos.fault;

import io.fairlead.bench.lab.Node;
import java.io.IOException;

/** SIGSTOP, and SIGCONT later. */
final class AgentPaused implements Fault {

  @Override
  public String inject(Target target) throws IOException, InterruptedException {
    signal(target.node(), "STOP");
    return "kill -STOP of the agent of " + target.node().name();
  }

  @Override
  public void undo(Target target) throws IOException, InterruptedException {
    signal(target.node(), "CONT");
  }

  private static void signal(Node node, String name) throws IOException, InterruptedException {
    node.namespace().run("kill", "-" + name, Long.toString(node.agent().handle().pid()));
  }
}
