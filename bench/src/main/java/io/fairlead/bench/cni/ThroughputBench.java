package io.fairlead.bench.cni;

import io.fairlead.bench.lab.Distribution;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import java.io.IOException;
import java.util.Map;

/**
 * Measures TCP from pod to pod with iperf3, on one node and between two: through what the agent set
 * up, and through a bridge and a VXLAN device that were set up by hand and have nothing else in the
 * way. Both take turns; the ratio is that of each turn's two figures.
 */
final class ThroughputBench {

  private final Distribution distribution;
  private final CniOptions options;
  private final ProgressLines progress;

  ThroughputBench(Distribution distribution, CniOptions options, ProgressLines progress) {
    this.distribution = distribution;
    this.options = options;
    this.progress = progress;
  }

  void run(Samples samples) throws IOException, InterruptedException {
    progress.say("making nodes with and without agents");
    try (PodPair.Nodes agents = AgentNodes.create(distribution);
        PodPair.Nodes byHand = PlainNodes.create(distribution)) {
      for (int round = 0; round < options.rounds(); round++) {
        progress.say("throughput, round " + (round + 1) + " of " + options.rounds());
        boolean oursFirst = round % 2 == 0;
        measure("one node", agents.near(), byHand.near(), oursFirst, samples);
        measure("VXLAN", agents.far(), byHand.far(), oursFirst, samples);
      }
    }
  }

  private void measure(String path, PodPair ours, PodPair plain, boolean oursFirst, Samples samples)
      throws IOException, InterruptedException {
    double first = (oursFirst ? ours : plain).gigabitsPerSecond(options.seconds());
    double second = (oursFirst ? plain : ours).gigabitsPerSecond(options.seconds());
    double with = oursFirst ? first : second;
    double without = oursFirst ? second : first;
    add(samples, "throughput", path, "fairlead", "Gbit/s", with);
    add(samples, "throughput", path, "by hand", "Gbit/s", without);
    add(samples, "throughput-ratio", path, "fairlead", "of by hand", with / without);
  }

  private static void add(
      Samples samples, String name, String path, String contender, String unit, double value) {
    samples.add(name, Map.of("contender", contender, "with", path), unit, value);
  }
}
