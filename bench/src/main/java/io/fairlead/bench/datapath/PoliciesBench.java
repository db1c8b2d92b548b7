package io.fairlead.bench.datapath;

import io.fairlead.bench.policy.PathPolicies.Enforcer;
import io.fairlead.bench.policy.PathPolicies.Selection;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What policies cost packets between two pods of a node, whether they select these or others. */
final class PoliciesBench {

  private final ProgressLines progress;

  PoliciesBench(ProgressLines progress) {
    this.progress = progress;
  }

  /**
   * Takes the samples.
   *
   * @param policies numbers of policies, each of which is measured
   */
  void run(List<Enforcer> enforcers, List<Integer> policies, int rounds, Samples samples)
      throws IOException, InterruptedException {
    List<PolicyPath> nodes = new ArrayList<>();
    try {
      nodes.add(PolicyPath.plain());
      nodes.add(PolicyPath.tracked());
      for (Enforcer enforcer : enforcers) {
        for (int count : policies) {
          for (Selection selection : Selection.values()) {
            if (count > 0 || selection == Selection.OTHERS) {
              nodes.add(PolicyPath.of(enforcer, count, selection));
              progress.say(nodes.getLast().parameters().toString());
            }
          }
        }
      }
      List<TrafficPath> paths = nodes.stream().map(PolicyPath::path).toList();
      new PathMeter(rounds, progress).run(paths, samples);
    } finally {
      nodes.forEach(PolicyPath::close);
    }
  }
}
