package io.fairlead.bench.demo;

import io.fairlead.bench.lab.KernelEvents;
import io.fairlead.bench.lab.NftGeneration;
import io.fairlead.bench.lab.Node;
import io.fairlead.bench.lab.SampleCluster;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Agents start on top of what their predecessors left, after a kill -9 and after a SIGTERM, under
 * traffic, and find nothing to change. Starts agents that are dead.
 */
final class AgentRestartedCheck implements Check {

  @Override
  public String title() {
    return "agents restarted, kernel untouched";
  }

  @Override
  public String run(SampleCluster cluster) throws IOException, InterruptedException {
    try (Traffic traffic = Traffic.start(cluster)) {
      List<String> starts = new ArrayList<>();
      for (Node node : cluster.lab().nodes()) {
        int generation = NftGeneration.read(node.namespace());
        try (KernelEvents events = KernelEvents.record(node.namespace())) {
          node.killAgent();
          starts.add(start(node));
          node.stopAgent();
          starts.add(start(node));
          traffic.flow();
          List<String> seen = events.seen();
          CheckFailure.unless(
              seen.isEmpty(),
              "on %s there were %d kernel events, first: %s"
                  .formatted(node.name(), seen.size(), first(seen)));
        }
        int after = NftGeneration.read(node.namespace());
        CheckFailure.unless(
            after == generation,
            "on %s the nftables generation went from %d to %d"
                .formatted(node.name(), generation, after));
      }
      return "0 kernel events, nftables generations unchanged; ready after "
          + String.join(", ", starts)
          + "; "
          + traffic.finishWithoutLoss();
    }
  }

  private static String start(Node node) throws IOException, InterruptedException {
    node.startAgent();
    Duration ready = node.waitReady();
    return Times.text(ready);
  }

  private static List<String> first(List<String> events) {
    return events.subList(0, Math.min(5, events.size()));
  }
}
