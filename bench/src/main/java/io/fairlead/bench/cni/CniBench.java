package io.fairlead.bench.cni;

import io.fairlead.bench.lab.Distribution;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * Measures a CNI plugin as a runtime and as pods see it, beside the reference plugins and beside
 * what the kernel does without any plugin.
 */
final class CniBench {

  private final Distribution distribution;
  private final CniOptions options;
  private final ProgressLines progress;

  CniBench(Distribution distribution, CniOptions options, ProgressLines progress) {
    this.distribution = distribution;
    this.options = options;
    this.progress = progress;
  }

  /** Runs in namespaces that it makes, and leaves nothing. Needs root. */
  void run(Samples samples) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("fairlead-bench");
    try {
      if (options.figures().contains(CniFigure.SEQUENCE)) {
        try (Entrants entrants = new Entrants(distribution, options, folder)) {
          new SequenceBench(entrants, options.pods(), folder, progress).run(samples);
        }
      }
      if (options.figures().contains(CniFigure.PARALLEL)) {
        try (Entrants entrants = new Entrants(distribution, options, folder)) {
          new ParallelBench(entrants, options, folder, progress).run(samples);
        }
      }
    } finally {
      delete(folder);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
