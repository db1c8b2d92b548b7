package io.fairlead.bench.policy;

import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** Measures what the options ask for. Needs root; all namespaces are its own. */
final class PolicyBench {

  private final PolicyOptions options;
  private final ProgressLines progress;
  private final Samples samples;

  PolicyBench(PolicyOptions options, ProgressLines progress, Samples samples) {
    this.options = options;
    this.progress = progress;
    this.samples = samples;
  }

  void run() throws IOException, InterruptedException {
    Set<Figure> figures = options.figures();
    boolean changes = figures.contains(Figure.POLICY_EVENT_TO_KERNEL);
    if (changes || figures.contains(Figure.FIRST_SYNC)) {
      requireIpset();
    }
    if (figures.contains(Figure.POLICY_UPDATE)) {
      new AgentBench(options, progress, samples).run();
    }
    if (changes || figures.contains(Figure.FIRST_SYNC)) {
      new KernelBench(options, progress, samples).run(changes ? options.changes() : 0);
    }
    if (figures.contains(Figure.MEMORY)) {
      MemoryBench memory = new MemoryBench(options, progress, samples);
      memory.heap();
      memory.agents();
    }
  }

  private void requireIpset() throws IOException {
    if (options.rivals() && !Files.isExecutable(Path.of("/usr/sbin/ipset"))) {
      throw new IOException(
          "the rival needs ipset; install Debian's package ipset, or say --no-rivals");
    }
  }
}
