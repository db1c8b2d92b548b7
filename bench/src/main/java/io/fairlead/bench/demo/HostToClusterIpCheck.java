package io.fairlead.bench.demo;

import io.fairlead.bench.lab.EchoClient;
import io.fairlead.bench.lab.Node;
import io.fairlead.bench.lab.SampleCluster;
import java.io.IOException;

/** Programs on the nodes themselves reach the Service, on either node's endpoint. */
final class HostToClusterIpCheck implements Check {

  private static final int CONNECTIONS = 500;

  @Override
  public String title() {
    return "host to ClusterIP";
  }

  @Override
  public String run(SampleCluster cluster) throws IOException, InterruptedException {
    StringBuilder seen = new StringBuilder();
    for (Node node : cluster.lab().nodes()) {
      Shares shares =
          new Shares(
              EchoClient.shares(node.namespace(), cluster.service(), CONNECTIONS, Asking.LIMIT));
      seen.append(seen.isEmpty() ? "" : "; ").append("from ").append(node.name()).append(": ");
      seen.append(shares);
      CheckFailure.unless(shares.areFair(cluster.servers()), seen + ", which is not fair");
      EchoClient.udp(node.namespace(), cluster.service(), Asking.LIMIT);
    }
    return seen + " of " + CONNECTIONS + " connections each; UDP too";
  }
}
