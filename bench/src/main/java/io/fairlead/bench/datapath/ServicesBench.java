package io.fairlead.bench.datapath;

import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import io.fairlead.bench.rules.ServiceRules;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What Services cost connections through them, for each number of Services and each contender. */
final class ServicesBench {

  private final ProgressLines progress;

  ServicesBench(ProgressLines progress) {
    this.progress = progress;
  }

  /**
   * Takes the samples.
   *
   * @param services numbers of Services, each of which is measured
   * @param rivalServices rivals are loaded with so many at most: they take minutes for more
   */
  void run(
      List<ServiceRules.Keeper> keepers,
      List<Integer> services,
      int rivalServices,
      int rounds,
      Samples samples)
      throws IOException, InterruptedException {
    List<ServicePath> nodes = new ArrayList<>();
    try {
      nodes.add(ServicePath.create(null, 0));
      for (ServiceRules.Keeper keeper : keepers) {
        for (int count : services) {
          if (!keeper.isRival() || count <= rivalServices) {
            nodes.add(ServicePath.create(keeper, count));
            progress.say(nodes.getLast().title());
          }
        }
      }
      List<TrafficPath> paths = new ArrayList<>();
      nodes.forEach(node -> paths.addAll(node.paths()));
      new PathMeter(rounds, progress).run(paths, samples);
    } finally {
      nodes.forEach(ServicePath::close);
    }
  }
}
