package io.fairlead.bench.demo;

import io.fairlead.bench.lab.Await;
import io.fairlead.bench.lab.Node;
import io.fairlead.bench.lab.PacketProber;
import io.fairlead.bench.lab.SampleCluster;
import java.io.IOException;
import java.time.Duration;

/** The overlay is switched by configuration, there and back, while packets flow. */
final class OverlaySwitchCheck implements Check {

  private static final int ANSWERS_BETWEEN = 300;
  private static final String UNDERLAY_DEVICE = "eth0";

  @Override
  public String title() {
    return "switched to host-gw and back under traffic";
  }

  @Override
  public String run(SampleCluster cluster) throws IOException, InterruptedException {
    try (PacketProber prober =
        PacketProber.start(
            cluster.podA().namespace(),
            cluster.podC().namespace(),
            cluster.podC().at(SampleCluster.POD_PORT),
            Duration.ofMillis(1))) {
      prober.awaitAnswers(ANSWERS_BETWEEN);
      Duration there = switchTo(cluster, "host-gw");
      long before = NodeLinks.vxlanPackets(cluster.lab().node(1));
      prober.awaitAnswers(ANSWERS_BETWEEN);
      long tunnelled = NodeLinks.vxlanPackets(cluster.lab().node(1)) - before;
      Duration back = switchTo(cluster, "vxlan");
      prober.awaitAnswers(ANSWERS_BETWEEN);
      PacketProber.Report report = prober.finish();
      String seen =
          "%s; host-gw after %s, VXLAN again after %s"
              .formatted(report, Times.text(there), Times.text(back));
      CheckFailure.unless(report.isLossless(), seen);
      CheckFailure.unless(
          tunnelled <= 0, seen + "; in host-gw " + tunnelled + " packets were still tunnelled");
      return seen;
    }
  }

  /** Returns how long it took until both nodes' routes were the other ones. */
  private static Duration switchTo(SampleCluster cluster, String mode)
      throws IOException, InterruptedException {
    for (Node node : cluster.lab().nodes()) {
      node.configure("overlay", mode);
    }
    Node one = cluster.lab().node(1);
    Node two = cluster.lab().node(2);
    boolean direct = mode.equals("host-gw");
    return Await.until(
        "both nodes have the routes of " + mode,
        Await.PATIENCE,
        () -> isDirect(one, two) == direct && isDirect(two, one) == direct);
  }

  private static boolean isDirect(Node from, Node to) throws IOException, InterruptedException {
    return NodeLinks.deviceTowards(from, to).equals(UNDERLAY_DEVICE);
  }
}
