package io.fairlead.bench.overlay;

import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Measures how long it takes until the kernel knows the way to the pods of nodes that join: many at
 * once, and one more when there are many. Contenders take turns; each has a node namespace of its
 * own. The first sample of each is of a program that has done nothing before.
 */
public final class OverlayBench {

  private final int nodes;
  private final int rounds;
  private final ProgressLines progress;

  /**
   * @param nodes that join at once, 1 to 30000
   * @param rounds how often they do
   */
  public OverlayBench(int nodes, int rounds, ProgressLines progress) {
    if (nodes < 1 || nodes > 30_000 || rounds < 1) {
      throw new IllegalArgumentException(
          "the benchmark takes 1 to 30000 nodes and a round at least");
    }
    this.nodes = nodes;
    this.rounds = rounds;
    this.progress = progress;
  }

  /** Runs in namespaces that it makes, and leaves nothing. Needs root. */
  public void run(Samples samples) throws IOException, InterruptedException {
    List<Contender> contenders = new ArrayList<>();
    try {
      contenders.add(FairleadContender.create());
      contenders.add(BatchContender.create());
      measure(contenders, samples);
    } finally {
      contenders.forEach(Contender::close);
    }
  }

  private void measure(List<Contender> contenders, Samples samples)
      throws IOException, InterruptedException {
    List<Peer> crowd = IntStream.range(2, nodes + 2).mapToObj(Peer::new).toList();
    List<Peer> single = List.of(new Peer(nodes + 2));
    progress.say(nodes + " nodes join, and one more, " + rounds + " times");
    for (int round = 0; round < rounds; round++) {
      for (Contender contender : contenders) {
        time(samples, "overlay-join", nodes, contender, () -> contender.join(crowd));
        verify(contender, nodes);
        time(samples, "overlay-join", 1, contender, () -> contender.join(single));
        verify(contender, nodes + 1);
        time(samples, "overlay-leave", 1, contender, () -> contender.leave(single));
        time(samples, "overlay-leave", nodes, contender, () -> contender.leave(crowd));
        verify(contender, 0);
      }
    }
  }

  /** What is measured. */
  private interface Step {
    void take() throws IOException, InterruptedException;
  }

  private static void time(Samples samples, String name, int nodes, Contender contender, Step step)
      throws IOException, InterruptedException {
    long begin = System.nanoTime();
    step.take();
    samples.addNanos(
        name,
        Map.of("contender", contender.name(), "nodes", Integer.toString(nodes)),
        System.nanoTime() - begin);
  }

  private static void verify(Contender contender, int expected)
      throws IOException, InterruptedException {
    Contender.Entries entries = contender.entries();
    if (!entries.equals(new Contender.Entries(expected, expected, expected))) {
      throw new IOException(
          contender.name()
              + " left "
              + entries
              + " in the kernel where there should be "
              + expected);
    }
  }
}
