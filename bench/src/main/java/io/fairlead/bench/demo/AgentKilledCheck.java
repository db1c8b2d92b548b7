package io.fairlead.bench.demo;

import io.fairlead.bench.lab.Node;
import io.fairlead.bench.lab.SampleCluster;
import java.io.IOException;

/** Both agents die by kill -9 and the kernel goes on. Leaves the agents dead. */
final class AgentKilledCheck implements Check {

  @Override
  public String title() {
    return "agents killed -9 under traffic";
  }

  @Override
  public String run(SampleCluster cluster) throws IOException, InterruptedException {
    try (Traffic traffic = Traffic.start(cluster)) {
      for (Node node : cluster.lab().nodes()) {
        node.killAgent();
      }
      traffic.flow();
      return traffic.finishWithoutLoss();
    }
  }
}
