package io.fairlead.bench.demo;

import io.fairlead.bench.lab.Await;
import io.fairlead.bench.lab.Node;
import io.fairlead.bench.lab.Residue;
import io.fairlead.bench.lab.SampleCluster;
import java.io.IOException;

/** The Service and all pods are deleted, and no node keeps a trace. Leaves the cluster empty. */
final class PodsDeletedCheck implements Check {

  @Override
  public String title() {
    return "pods deleted, zero residue";
  }

  @Override
  public String run(SampleCluster cluster) throws IOException, InterruptedException {
    Residue before = cluster.lab().node(1).residue();
    CheckFailure.unless(
        !before.isEmpty(), "even with its pods running, node-1 shows no trace of them");
    cluster.withdrawService();
    cluster.deletePods();
    StringBuilder seen = new StringBuilder();
    for (Node node : cluster.lab().nodes()) {
      try {
        Await.until("no residue", Await.PATIENCE, () -> node.residue().isEmpty());
      } catch (IOException e) {
        throw new CheckFailure(node.name() + " keeps " + node.residue());
      }
      seen.append(seen.isEmpty() ? "" : "; ").append(node.name()).append(": ");
      seen.append(node.residue());
    }
    return seen.toString();
  }
}
