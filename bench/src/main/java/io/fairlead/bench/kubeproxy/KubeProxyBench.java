package io.fairlead.bench.kubeproxy;

import io.fairlead.bench.lab.LabFolder;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Lets contenders run one after the other, round after round in an order that rotates, over the
 * same Services in the same API server. One that fails is told of and left out from then on.
 */
final class KubeProxyBench {

  private final ApiCluster api;
  private final int rounds;
  private final ProgressLines progress;
  private final Samples samples;

  KubeProxyBench(ApiCluster api, int rounds, ProgressLines progress, Samples samples) {
    this.api = api;
    this.rounds = rounds;
    this.progress = progress;
    this.samples = samples;
  }

  /**
   * Measures one cluster.
   *
   * @param contenders loses those that fail
   * @param failures gets a sentence for each of them
   */
  void run(ProxyRun.Plan plan, List<ProxyContender> contenders, Map<String, String> failures)
      throws IOException, InterruptedException {
    progress.say("an API server with " + plan.cluster().services() + " Services");
    api.publish(plan.cluster(), progress);
    List<ProxyContender> order = new ArrayList<>(contenders);
    for (int round = 0; round < rounds; round++) {
      for (ProxyContender contender : order) {
        if (contenders.contains(contender)) {
          try (LabFolder folder = LabFolder.create()) {
            new ProxyRun(contender, api, plan, progress, samples).run(folder.path());
          } catch (IOException e) {
            String sentence = String.valueOf(e.getMessage());
            progress.say("left out from now on: " + sentence);
            failures.put("left out: " + contender.name(), sentence);
            contenders.remove(contender);
          }
        }
      }
      Collections.rotate(order, 1);
    }
  }
}
