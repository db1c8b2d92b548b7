package io.fairlead.bench.cni;

import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Measures ADD and DEL in wall time as a runtime sees it. Contenders take turns pod by pod, in an
 * order that rotates, so that what disturbs the machine disturbs all of them; each has a node
 * namespace of its own, and its pods stay until all have been added.
 */
final class SequenceBench {

  /** After each turn, for what a plugin leaves to be done when it has answered. */
  private static final long REST_MILLISECONDS = 20;

  private final Entrants entrants;
  private final int pods;
  private final Path folder;
  private final ProgressLines progress;

  SequenceBench(Entrants entrants, int pods, Path folder, ProgressLines progress) {
    this.entrants = entrants;
    this.pods = pods;
    this.folder = folder;
    this.progress = progress;
  }

  void run(Samples samples) throws IOException, InterruptedException {
    progress.say("making nodes");
    List<Contender> contenders = entrants.forSequence();
    List<List<BenchPod>> namespaces = new ArrayList<>();
    try {
      for (int i = 0; i < contenders.size(); i++) {
        namespaces.add(new ArrayList<>());
        for (int pod = 0; pod < pods; pod++) {
          namespaces.get(i).add(BenchPod.create(pod));
        }
      }
      Execution execution = new Execution(folder.resolve("stderr"));
      progress.say("adding " + pods + " pods by each of " + contenders.size() + " contenders");
      turns("cni-add", contenders, namespaces, execution, Contender::add, samples);
      progress.say("deleting them");
      turns("cni-del", contenders, namespaces, execution, Contender::delete, samples);
    } finally {
      namespaces.forEach(list -> list.forEach(BenchPod::close));
    }
  }

  /** One of the two things that a contender does. */
  private interface Step {
    void take(Contender contender, BenchPod pod, Execution execution)
        throws IOException, InterruptedException;
  }

  private void turns(
      String name,
      List<Contender> contenders,
      List<List<BenchPod>> namespaces,
      Execution execution,
      Step step,
      Samples samples)
      throws IOException, InterruptedException {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < contenders.size(); i++) {
      order.add(i);
    }
    for (int pod = 0; pod < pods; pod++) {
      for (int i : order) {
        Contender contender = contenders.get(i);
        step.take(contender, namespaces.get(i).get(pod), execution);
        samples.addNanos(name, contender.parameters(pods), execution.take().toNanos());
        Thread.sleep(REST_MILLISECONDS);
      }
      Collections.rotate(order, 1);
    }
  }
}
