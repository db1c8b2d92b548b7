package io.fairlead.bench.demo;

import io.fairlead.bench.lab.SampleCluster;
import java.io.IOException;

/** Two pods of different nodes reach each other, and it is through the tunnel that they do. */
final class VxlanCheck implements Check {

  @Override
  public String title() {
    return "pod to pod across nodes by VXLAN";
  }

  @Override
  public String run(SampleCluster cluster) throws IOException, InterruptedException {
    long before = NodeLinks.vxlanPackets(cluster.lab().node(1));
    String seen = Asking.podToPod(cluster.podA(), cluster.podC());
    long sent = NodeLinks.vxlanPackets(cluster.lab().node(1)) - before;
    CheckFailure.unless(sent > 0, seen + ", but no packet went through a VXLAN device");
    return seen + ", " + sent + " packets through the tunnel";
  }
}
