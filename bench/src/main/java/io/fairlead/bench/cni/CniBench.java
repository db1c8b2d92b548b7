package io.fairlead.bench.cni;

import io.fairlead.bench.lab.Distribution;
import io.fairlead.bench.result.Cell;
import io.fairlead.bench.result.Machine;
import io.fairlead.bench.result.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Measures ADD and DEL in wall time as a runtime sees it. Contenders take turns pod by pod, in an
 * order that rotates, so that what disturbs the machine disturbs all of them; each has a node
 * namespace of its own, and its pods stay until all have been added.
 */
public final class CniBench {

  private static final double NANOS_PER_MILLI = 1e6;

  private final Distribution distribution;
  private final Path plugins;
  private final int pods;

  /**
   * @param plugins the folder with the reference plugins
   * @param pods for each contender, 1 to 250
   */
  public CniBench(Distribution distribution, Path plugins, int pods) {
    if (pods < 1 || pods > 250) {
      throw new IllegalArgumentException("the benchmark takes 1 to 250 pods, not " + pods);
    }
    this.distribution = distribution;
    this.plugins = plugins;
    this.pods = pods;
  }

  /** Runs in namespaces that it makes, and leaves nothing. Needs root. */
  public Results run() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("fairlead-bench");
    List<Contender> contenders = new ArrayList<>();
    try {
      contenders.add(FairleadContender.start(distribution));
      contenders.add(ReferenceContender.create(plugins, folder.resolve("masquerade"), true));
      contenders.add(ReferenceContender.create(plugins, folder.resolve("plain"), false));
      contenders.add(BatchContender.create());
      contenders.add(ProcessContender.create());
      return measure(contenders, new Execution(folder.resolve("stderr")));
    } finally {
      contenders.forEach(Contender::close);
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

  private Results measure(List<Contender> contenders, Execution execution)
      throws IOException, InterruptedException {
    List<List<BenchPod>> namespaces = new ArrayList<>();
    try {
      for (int i = 0; i < contenders.size(); i++) {
        namespaces.add(new ArrayList<>());
        for (int pod = 0; pod < pods; pod++) {
          namespaces.get(i).add(BenchPod.create(pod));
        }
      }
      List<Cell> cells = new ArrayList<>();
      cells.addAll(turns("cni-add", contenders, namespaces, execution, Contender::add));
      cells.addAll(turns("cni-del", contenders, namespaces, execution, Contender::delete));
      return new Results(Machine.describe(), cells);
    } finally {
      namespaces.forEach(list -> list.forEach(BenchPod::close));
    }
  }

  /** One of the two things that a contender does. */
  private interface Step {
    void take(Contender contender, BenchPod pod, Execution execution)
        throws IOException, InterruptedException;
  }

  private List<Cell> turns(
      String name,
      List<Contender> contenders,
      List<List<BenchPod>> namespaces,
      Execution execution,
      Step step)
      throws IOException, InterruptedException {
    List<List<Double>> samples = new ArrayList<>();
    contenders.forEach(_ -> samples.add(new ArrayList<>()));
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < contenders.size(); i++) {
      order.add(i);
    }
    for (int pod = 0; pod < pods; pod++) {
      for (int i : order) {
        step.take(contenders.get(i), namespaces.get(i).get(pod), execution);
        Duration taken = execution.take();
        samples.get(i).add(taken.toNanos() / NANOS_PER_MILLI);
      }
      Collections.rotate(order, 1);
    }
    List<Cell> cells = new ArrayList<>();
    for (int i = 0; i < contenders.size(); i++) {
      Map<String, String> parameters = Map.of("contender", contenders.get(i).name());
      cells.add(new Cell(name, parameters, "ms", samples.get(i)));
    }
    return cells;
  }
}
