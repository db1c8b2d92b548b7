package io.fairlead.bench.demo;

import io.fairlead.bench.lab.EchoServer;
import io.fairlead.bench.lab.Lab;
import io.fairlead.bench.lab.Pod;
import io.fairlead.bench.lab.SampleCluster;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/** Pods reach the outside, which sees their node's address: it knows no way to a pod's. */
final class OutsideCheck implements Check {

  @Override
  public String title() {
    return "pod to the outside, masqueraded";
  }

  @Override
  public String run(SampleCluster cluster) throws IOException, InterruptedException {
    Lab lab = cluster.lab();
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.ofLiteral(lab.outsideAddress()), SampleCluster.POD_PORT);
    StringBuilder seen = new StringBuilder(lab.outsideAddress());
    try (EchoServer _ = EchoServer.start(lab.outside(), "outside", address)) {
      for (Pod pod : List.of(cluster.podA(), cluster.podC())) {
        String node = pod.node().address();
        Duration took = Asking.both(pod.namespace(), address, "outside", node);
        seen.append(seen.indexOf("saw") < 0 ? " saw " : ", ");
        seen.append("%s as %s (%s)".formatted(pod.name(), node, Times.text(took)));
      }
    }
    return seen + ", by TCP and UDP";
  }
}
