package io.fairlead.bench.cni;

import io.fairlead.bench.lab.LabNamespace;
import java.io.IOException;

/**
 * The floor of our plugin: its process and one exchange with an agent that changes nothing, which
 * is CNI STATUS.
 */
final class StatusContender implements Contender {

  private final FairleadContender node;

  /**
   * @param node whose agent is asked, which stays the caller's
   */
  StatusContender(FairleadContender node) {
    this.node = node;
  }

  @Override
  public String name() {
    return "floor: our plugin's STATUS";
  }

  @Override
  public LabNamespace node() {
    return node.node();
  }

  @Override
  public void add(BenchPod pod, Execution execution) throws IOException, InterruptedException {
    execution.run(node(), node.call("STATUS", pod));
  }

  @Override
  public void delete(BenchPod pod, Execution execution) throws IOException, InterruptedException {
    execution.run(node(), node.call("STATUS", pod));
  }

  @Override
  public void close() {}
}
