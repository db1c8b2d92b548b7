package io.fairlead.bench.datapath;

import io.fairlead.bench.lab.Distribution;
import io.fairlead.bench.lab.Lab;
import io.fairlead.bench.lab.LabOptions;
import io.fairlead.bench.lab.Node;
import io.fairlead.bench.lab.Pod;
import java.io.IOException;
import java.util.Set;

/** Nodes whose agents connect their pods, with masquerade and policies. */
final class AgentNodes implements PodPair.Nodes {

  private final Lab lab;
  private final PodPair near;
  private final PodPair far;

  private AgentNodes(Lab lab, Pod client, Pod neighbour, Pod remote) {
    this.lab = lab;
    this.near = pair(client, neighbour);
    this.far = pair(client, remote);
  }

  private static PodPair pair(Pod client, Pod server) {
    return new PodPair(client.namespace(), server.namespace(), server.address().getHostAddress());
  }

  /**
   * Makes them.
   *
   * @param without what is taken away again; if that is anything, the agents are killed first
   */
  static AgentNodes create(Distribution distribution, Set<Layer> without)
      throws IOException, InterruptedException {
    Lab lab = Lab.create(LabOptions.of(2), distribution);
    try {
      lab.startAgents();
      Pod client = lab.node(1).addPod("client");
      Pod neighbour = lab.node(1).addPod("neighbour");
      Pod remote = lab.node(2).addPod("remote");
      AgentNodes nodes = new AgentNodes(lab, client, neighbour, remote);
      Ends.withoutPacing(client.namespace());
      nodes.far.awaitReachable();
      if (!without.isEmpty()) {
        nodes.reduce(without);
      }
      return nodes;
    } catch (IOException | InterruptedException e) {
      lab.close();
      throw e;
    }
  }

  private void reduce(Set<Layer> without) throws IOException, InterruptedException {
    for (Node node : lab.nodes()) {
      node.killAgent();
    }
    for (Node node : lab.nodes()) {
      for (Layer layer : without) {
        layer.remove(node.namespace());
      }
    }
  }

  @Override
  public PodPair near() {
    return near;
  }

  @Override
  public PodPair far() {
    return far;
  }

  @Override
  public void close() {
    lab.close();
  }
}
