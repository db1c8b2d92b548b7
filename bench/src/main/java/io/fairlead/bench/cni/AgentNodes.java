package io.fairlead.bench.cni;

import io.fairlead.bench.lab.Distribution;
import io.fairlead.bench.lab.Lab;
import io.fairlead.bench.lab.LabOptions;
import io.fairlead.bench.lab.Pod;
import java.io.IOException;

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

  static AgentNodes create(Distribution distribution) throws IOException, InterruptedException {
    Lab lab = Lab.create(LabOptions.of(2), distribution);
    try {
      lab.startAgents();
      return new AgentNodes(
          lab,
          lab.node(1).addPod("client"),
          lab.node(1).addPod("neighbour"),
          lab.node(2).addPod("remote"));
    } catch (IOException | InterruptedException e) {
      lab.close();
      throw e;
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
