package io.fairlead.bench.demo;

import io.fairlead.bench.lab.Await;
import io.fairlead.bench.lab.ConnectionProber;
import io.fairlead.bench.lab.ConnectionProber.Attempt;
import io.fairlead.bench.lab.EchoClient;
import io.fairlead.bench.lab.Manifests;
import io.fairlead.bench.lab.Pod;
import io.fairlead.bench.lab.SampleCluster;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * An endpoint leaves the EndpointSlice while pods of both nodes connect as fast as they can: the
 * time from the manifest's rename to the last new connection that the endpoint still got.
 */
final class EndpointRemovedCheck implements Check {

  private static final int ROUNDS = 5;
  private static final int ATTEMPTS = 200;
  private static final Duration WORST = Duration.ofSeconds(1);

  @Override
  public String title() {
    return "endpoint removed, until traffic has moved";
  }

  @Override
  public String run(SampleCluster cluster) throws IOException, InterruptedException {
    List<Duration> moved = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      moved.add(remove(cluster));
      restore(cluster);
    }
    moved.sort(null);
    String seen =
        "%s at the median, %s at worst of %d removals; no connection failed"
            .formatted(Times.text(moved.get(ROUNDS / 2)), Times.text(moved.getLast()), ROUNDS);
    CheckFailure.unless(
        moved.getLast().compareTo(WORST) < 0, seen + "; it must take less than a second");
    return seen;
  }

  private static Duration remove(SampleCluster cluster) throws IOException, InterruptedException {
    Manifests.Staged without = cluster.stageEndpoints(List.of(cluster.podB()));
    String removed = cluster.podD().name();
    try (ConnectionProber one = prober(cluster, cluster.podA());
        ConnectionProber two = prober(cluster, cluster.podC())) {
      one.awaitAttempts(ATTEMPTS);
      two.awaitAttempts(ATTEMPTS);
      long start = System.nanoTime();
      without.commit();
      one.awaitAttempts(ATTEMPTS);
      two.awaitAttempts(ATTEMPTS);
      awaitGone(cluster, removed);
      long last = start;
      for (List<Attempt> attempts : List.of(one.finish(), two.finish())) {
        for (Attempt attempt : attempts) {
          CheckFailure.unless(
              attempt.server() != null, "a connection failed: " + attempt.failure());
          if (removed.equals(attempt.server())) {
            last = Math.max(last, attempt.endNanos());
          }
        }
      }
      return Duration.ofNanos(last - start);
    }
  }

  private static ConnectionProber prober(SampleCluster cluster, Pod client) throws IOException {
    return ConnectionProber.start(client.namespace(), cluster.service());
  }

  /** With two endpoints, 30 connections miss one of them by chance once in 10⁹ times. */
  private static void awaitGone(SampleCluster cluster, String removed)
      throws IOException, InterruptedException {
    for (Pod client : List.of(cluster.podA(), cluster.podC())) {
      Await.until(
          removed + " gets no connection of " + client.name() + " any more",
          Await.PATIENCE,
          () -> !servers(cluster, client).contains(removed));
    }
  }

  private static void restore(SampleCluster cluster) throws IOException, InterruptedException {
    cluster.publishEndpoints();
    for (Pod client : List.of(cluster.podA(), cluster.podC())) {
      Await.until(
          "both endpoints answer " + client.name() + " again",
          Await.PATIENCE,
          () -> servers(cluster, client).size() == 2);
    }
  }

  private static Set<String> servers(SampleCluster cluster, Pod client)
      throws IOException, InterruptedException {
    return EchoClient.shares(client.namespace(), cluster.service(), 30, Asking.LIMIT).keySet();
  }
}
