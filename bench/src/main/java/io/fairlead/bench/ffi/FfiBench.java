package io.fairlead.bench.ffi;

import io.fairlead.bench.jmh.Effort;
import io.fairlead.bench.jmh.JavaCompiler;
import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Panama beside JNR-FFI and C, in one namespace with nothing but what the exchanges need. */
final class FfiBench {

  private final ProgressLines progress;

  FfiBench(ProgressLines progress) {
    this.progress = progress;
  }

  /**
   * Measures starts, latency and allocation.
   *
   * @param starts of each contender, with and without an AOT cache; may be 0
   * @param rounds of exchanges, in which everybody takes a turn
   */
  void run(int starts, int rounds, Effort effort, List<JavaCompiler> compilers, Samples samples)
      throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("fairlead-ffi");
    try (LabNamespace namespace = LabNamespace.create("ffi")) {
      try (NfTablesSocket kernel = namespace.call(NfTablesSocket::open)) {
        kernel.commit(Exchange.preparation());
      }
      CExchange floor = CExchange.find(folder);
      if (floor == null) {
        progress.say("there is no bench/netlink-exchange in the dist, so there is no floor");
      }
      if (starts > 0) {
        new StartBench(namespace, folder, floor, progress).run(starts, samples);
      }
      new LatencyBench(namespace, floor, progress, compilers).run(rounds, effort, samples);
    } finally {
      remove(folder);
    }
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
