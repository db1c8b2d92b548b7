package io.fairlead.bench.policy;

import io.fairlead.bench.result.Machine;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Results;
import io.fairlead.bench.result.Samples;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Measures what the options ask for. Needs root; all namespaces are its own. */
final class PolicyBench {

  private final PolicyOptions options;
  private final ProgressLines progress;
  private final Samples samples = new Samples();

  PolicyBench(PolicyOptions options, ProgressLines progress) {
    this.options = options;
    this.progress = progress;
  }

  Results run() throws IOException, InterruptedException {
    requireIpset();
    Map<String, String> environment = new LinkedHashMap<>(Machine.describe());
    environment.put("load before", load());
    environment.put(
        "javaOptions", String.join(" ", ManagementFactory.getRuntimeMXBean().getInputArguments()));
    Set<Figure> figures = options.figures();
    boolean changes = figures.contains(Figure.EVENT_TO_KERNEL);
    if (changes || figures.contains(Figure.FIRST_SYNC)) {
      new KernelBench(options, progress, samples).run(changes ? options.changes() : 0);
    }
    boolean connections = figures.contains(Figure.CONNECT_LATENCY);
    boolean bulk = figures.contains(Figure.THROUGHPUT);
    if (connections || bulk) {
      new PathBench(options, progress, samples).run(connections, bulk);
    }
    if (figures.contains(Figure.WRITE_TO_TRAFFIC)) {
      new AgentBench(options, progress, samples).run();
    }
    if (figures.contains(Figure.MEMORY)) {
      MemoryBench memory = new MemoryBench(options, progress, samples);
      memory.heap();
      memory.agents();
    }
    environment.put("load after", load());
    return new Results(environment, samples.cells());
  }

  private void requireIpset() throws IOException {
    if (options.rivals() && !Files.isExecutable(Path.of("/usr/sbin/ipset"))) {
      throw new IOException(
          "the rival needs ipset; install Debian's package ipset, or say --rivals no");
    }
  }

  /** The average of the last minute. */
  private static String load() throws IOException {
    return Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0];
  }
}
