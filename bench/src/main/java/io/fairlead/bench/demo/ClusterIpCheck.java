package io.fairlead.bench.demo;

import io.fairlead.bench.lab.Await;
import io.fairlead.bench.lab.EchoAnswer;
import io.fairlead.bench.lab.EchoClient;
import io.fairlead.bench.lab.Pod;
import io.fairlead.bench.lab.SampleCluster;
import java.io.IOException;
import java.util.List;

/** Pods of both nodes reach the Service, whose endpoints get fair shares of them. */
final class ClusterIpCheck implements Check {

  private static final int CONNECTIONS = 1000;

  @Override
  public String title() {
    return "pod to ClusterIP";
  }

  @Override
  public String run(SampleCluster cluster) throws IOException, InterruptedException {
    awaitService(cluster);
    StringBuilder seen = new StringBuilder();
    for (Pod client : List.of(cluster.podA(), cluster.podC())) {
      Shares shares =
          new Shares(
              EchoClient.shares(client.namespace(), cluster.service(), CONNECTIONS, Asking.LIMIT));
      seen.append(seen.isEmpty() ? "" : "; ").append("from ").append(client.name()).append(": ");
      seen.append(shares);
      CheckFailure.unless(shares.areFair(cluster.servers()), seen + ", which is not fair");
      EchoAnswer udp = EchoClient.udp(client.namespace(), cluster.service(), Asking.LIMIT);
      CheckFailure.unless(
          udp.client().getAddress().equals(client.address()),
          udp.server() + " saw " + udp.client() + " in place of " + client.address());
    }
    return seen + " of " + CONNECTIONS + " connections each; UDP too";
  }

  /** The Service's manifests may be only a moment old. */
  private static void awaitService(SampleCluster cluster) throws IOException, InterruptedException {
    for (Pod client : List.of(cluster.podA(), cluster.podC())) {
      Await.until(
          "the Service answers " + client.name(),
          Asking.LIMIT,
          () -> {
            try {
              return EchoClient.tcp(client.namespace(), cluster.service(), Asking.LIMIT) != null;
            } catch (IOException e) {
              return false;
            }
          });
    }
  }
}
