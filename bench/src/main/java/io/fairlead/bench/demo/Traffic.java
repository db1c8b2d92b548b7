package io.fairlead.bench.demo;

import io.fairlead.bench.lab.ConnectionProber;
import io.fairlead.bench.lab.ConnectionProber.Attempt;
import io.fairlead.bench.lab.PacketProber;
import io.fairlead.bench.lab.SampleCluster;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Packets between pods of two nodes, a thousand per second, and new connections to the Service from
 * both nodes.
 */
final class Traffic implements AutoCloseable {

  private static final int ENOUGH = 300;

  private final PacketProber packets;
  private final List<ConnectionProber> connections;

  private Traffic(PacketProber packets, List<ConnectionProber> connections) {
    this.packets = packets;
    this.connections = connections;
  }

  /** Returns once it flows. */
  static Traffic start(SampleCluster cluster) throws IOException, InterruptedException {
    Traffic traffic =
        new Traffic(
            PacketProber.start(
                cluster.podA().namespace(),
                cluster.podC().namespace(),
                cluster.podC().at(SampleCluster.POD_PORT),
                Duration.ofMillis(1)),
            List.of(
                ConnectionProber.start(cluster.podA().namespace(), cluster.service()),
                ConnectionProber.start(cluster.podC().namespace(), cluster.service())));
    try {
      traffic.flow();
      return traffic;
    } catch (IOException | InterruptedException e) {
      traffic.close();
      throw e;
    }
  }

  /** Returns after some hundred more packets and connections. */
  void flow() throws IOException, InterruptedException {
    packets.awaitAnswers(ENOUGH);
    for (ConnectionProber prober : connections) {
      prober.awaitAttempts(ENOUGH);
    }
  }

  /** Ends it and returns how much there was; fails unless nothing was lost. */
  String finishWithoutLoss() throws IOException, InterruptedException {
    PacketProber.Report report = packets.finish();
    int attempts = 0;
    int failed = 0;
    String firstFailure = "";
    for (ConnectionProber prober : connections) {
      for (Attempt attempt : prober.finish()) {
        attempts++;
        if (attempt.failure() != null) {
          failed++;
          firstFailure = firstFailure.isEmpty() ? " (" + attempt.failure() + ")" : firstFailure;
        }
      }
    }
    String seen =
        "%s, %d of %d new connections failed%s".formatted(report, failed, attempts, firstFailure);
    CheckFailure.unless(report.isLossless() && failed == 0, seen);
    return seen;
  }

  @Override
  public void close() {
    packets.close();
    connections.forEach(ConnectionProber::close);
  }
}
