package io.fairlead.bench.start;

import io.fairlead.bench.lab.Distribution;
import io.fairlead.bench.lab.Node;
import io.fairlead.bench.lab.Pod;
import io.fairlead.bench.result.Cell;
import io.fairlead.bench.result.Machine;
import io.fairlead.bench.result.Results;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Starts agents and measures, as their users see it: the time until /healthz says that all is as
 * the cluster wants it, the memory that is resident once the agent idles, and how long the first
 * and the second pod take to be attached. The sources take turns, so that what disturbs the machine
 * disturbs both. One start of each source precedes and is not counted.
 */
public final class StartBench {

  private static final double NANOS_PER_MILLI = 1e6;
  private static final double BYTES_PER_MEBIBYTE = 1 << 20;
  private static final Duration IDLE = Duration.ofSeconds(2);

  private final Distribution distribution;
  private final int starts;
  private final int services;
  private final List<Source> sources;

  /**
   * @param starts of each source, at least 1
   * @param services in the cluster, 0 to 50,000
   */
  public StartBench(
      Distribution distribution, int starts, int services, Collection<Source> sources) {
    if (starts < 1 || services < 0 || services > 50_000) {
      throw new IllegalArgumentException(
          "the benchmark takes at least 1 start and at most 50000 Services");
    }
    this.distribution = distribution;
    this.starts = starts;
    this.services = services;
    this.sources = List.copyOf(sources);
  }

  /** What one kind of figure is called, with its samples. */
  private record Series(String name, String unit, List<Double> samples) {
    Series(String name, String unit) {
      this(name, unit, new ArrayList<>());
    }
  }

  private static final class Figures {
    private final Series ready = new Series("start to ready", "ms");
    private final Series processor = new Series("processor time until then", "ms");
    private final Series resident = new Series("resident when idle", "MiB");
    private final Series first = new Series("first CNI ADD", "ms");
    private final Series second = new Series("second CNI ADD", "ms");

    List<Series> all() {
      return List.of(ready, processor, resident, first, second);
    }
  }

  /** Runs in namespaces that it makes, and leaves nothing. Needs root. */
  public Results run() throws IOException, InterruptedException {
    Map<Source, Figures> figures = new EnumMap<>(Source.class);
    for (int i = 0; i <= starts; i++) {
      for (Source source : sources) {
        Figures into = i == 0 ? new Figures() : figures.computeIfAbsent(source, _ -> new Figures());
        measure(source, into);
      }
    }
    List<Cell> cells = new ArrayList<>();
    figures.forEach((source, measured) -> {
      for (Series series : measured.all()) {
        Map<String, String> parameters = Map.of("source", source.title());
        cells.add(new Cell(series.name(), parameters, series.unit(), series.samples()));
      }
    });
    return new Results(environment(), cells);
  }

  private Map<String, String> environment() throws IOException {
    Map<String, String> facts = new LinkedHashMap<>(Machine.describe());
    facts.put("services", Integer.toString(services));
    facts.put("cache", distribution.hasCache() ? "yes" : "no");
    facts.put("javaOptions", System.getenv().getOrDefault("FAIRLEAD_JAVA_OPTIONS", ""));
    return facts;
  }

  private void measure(Source source, Figures into) throws IOException, InterruptedException {
    try (StartNode made = StartNode.create(source, distribution, services)) {
      made.publish();
      Node node = made.node();
      node.startAgent();
      into.ready.samples.add(milliseconds(node.waitReady()));
      into.processor.samples.add(
          milliseconds(node.agent().handle().info().totalCpuDuration().orElseThrow()));
      Thread.sleep(IDLE);
      into.resident.samples.add(node.agent().residentBytes() / BYTES_PER_MEBIBYTE);
      Pod first = made.addPod("first");
      Pod second = made.addPod("second");
      into.first.samples.add(milliseconds(first.attachTime()));
      into.second.samples.add(milliseconds(second.attachTime()));
      first.delete();
      second.delete();
      node.killAgent();
    }
  }

  private static double milliseconds(Duration duration) {
    return duration.toNanos() / NANOS_PER_MILLI;
  }
}
