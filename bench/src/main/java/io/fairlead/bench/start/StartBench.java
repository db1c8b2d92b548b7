package io.fairlead.bench.start;

import io.fairlead.bench.lab.Distribution;
import io.fairlead.bench.lab.Node;
import io.fairlead.bench.lab.Pod;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Starts agents and measures, as their users see it: the time until /healthz says that all is as
 * the cluster wants it, the memory that is resident once the agent idles, and how long the first
 * and the second pod take to be attached. The sources take turns, so that what disturbs the machine
 * disturbs both. One start of each source precedes and is not counted.
 */
public final class StartBench {

  private static final double BYTES_PER_MEGABYTE = 1e6;
  private static final Duration IDLE = Duration.ofSeconds(2);

  private final Distribution distribution;
  private final int starts;
  private final int services;
  private final List<Source> sources;
  private final ProgressLines progress;

  /**
   * @param starts of each source, at least 1
   * @param services in the cluster, 0 to 50,000
   */
  public StartBench(
      Distribution distribution,
      int starts,
      int services,
      Collection<Source> sources,
      ProgressLines progress) {
    if (starts < 1 || services < 0 || services > 50_000) {
      throw new IllegalArgumentException(
          "the benchmark takes at least 1 start and at most 50000 Services");
    }
    this.distribution = distribution;
    this.starts = starts;
    this.services = services;
    this.sources = List.copyOf(sources);
    this.progress = progress;
  }

  /** Runs in namespaces that it makes, and leaves nothing. Needs root. */
  public void run(Samples samples) throws IOException, InterruptedException {
    for (int i = 0; i <= starts; i++) {
      for (Source source : sources) {
        progress.say(
            (i == 0 ? "a start that is not counted, " : "start " + i + " of " + starts + ", ")
                + source.title());
        measure(source, i == 0 ? new Samples() : samples);
      }
    }
  }

  private void measure(Source source, Samples into) throws IOException, InterruptedException {
    Map<String, String> parameters =
        Map.of(
            "contender",
            "fairlead",
            "source",
            source.title(),
            "services",
            Integer.toString(services));
    try (StartNode made = StartNode.create(source, distribution, services)) {
      made.publish();
      Node node = made.node();
      node.startAgent();
      into.addNanos("start-to-ready", parameters, node.waitReady().toNanos());
      into.addNanos(
          "start-processor",
          parameters,
          node.agent().handle().info().totalCpuDuration().orElseThrow().toNanos());
      Thread.sleep(IDLE);
      Map<String, String> resident = new TreeMap<>(parameters);
      resident.put("what", "resident");
      into.add("memory", resident, "MB", node.agent().residentBytes() / BYTES_PER_MEGABYTE);
      Pod first = made.addPod("first");
      Pod second = made.addPod("second");
      into.addNanos("start-first-cni-add", parameters, first.attachTime().toNanos());
      into.addNanos("start-second-cni-add", parameters, second.attachTime().toNanos());
      first.delete();
      second.delete();
      node.killAgent();
    }
  }
}
