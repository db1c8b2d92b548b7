package io.fairlead.bench.effort;

import io.fairlead.bench.overlay.FairleadContender;
import io.fairlead.bench.overlay.Peer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** An overlay of many nodes, which one more joins and leaves. */
final class OverlaySubject implements Subject {

  private final int nodes;
  private final FairleadContender contender;

  private OverlaySubject(int nodes, FairleadContender contender) {
    this.nodes = nodes;
    this.contender = contender;
  }

  /** In the overlay are {@code nodes} others. */
  static OverlaySubject create(int nodes, EffortMeter meter)
      throws IOException, InterruptedException {
    OverlaySubject made = new OverlaySubject(nodes, FairleadContender.create());
    try {
      List<Peer> crowd = IntStream.range(2, nodes + 2).mapToObj(Peer::new).toList();
      made.count(meter, "all nodes join", () -> made.contender.join(crowd));
      return made;
    } catch (IOException | InterruptedException | RuntimeException e) {
      made.close();
      throw e;
    }
  }

  @Override
  public String title() {
    return "fairlead overlay, " + nodes + " nodes";
  }

  @Override
  public void round(EffortMeter meter) throws IOException, InterruptedException {
    List<Peer> one = List.of(new Peer(nodes + 2));
    count(meter, "node joined", () -> contender.join(one));
    count(meter, "node left", () -> contender.leave(one));
  }

  /** What is counted. */
  @FunctionalInterface
  private interface Part {
    void run() throws IOException, InterruptedException;
  }

  private void count(EffortMeter meter, String change, Part part)
      throws IOException, InterruptedException {
    meter.change(
        Thread.currentThread().threadId(),
        Map.of("contender", "fairlead overlay", "nodes", Integer.toString(nodes)),
        change,
        () -> {
          part.run();
          return EffortMeter.NOT_COUNTED;
        });
  }

  @Override
  public void close() {
    contender.close();
  }
}
