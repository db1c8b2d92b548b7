package io.fairlead.bench.demo;

import io.fairlead.bench.lab.Await;
import io.fairlead.bench.lab.EchoClient;
import io.fairlead.bench.lab.Manifests;
import io.fairlead.bench.lab.PacketProber;
import io.fairlead.bench.lab.PacketProber.Loss;
import io.fairlead.bench.lab.Pod;
import io.fairlead.bench.lab.SampleCluster;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A NetworkPolicy cuts pod-b off, also in the middle of a flow, and is lifted again: the time from
 * the manifest's rename to the last packet that got through, and to the first that does so again.
 * Its own node reaches the pod all the while, and nobody else is touched.
 */
final class PolicyCheck implements Check {

  private static final int ROUNDS = 5;
  private static final int ENOUGH = 100;
  private static final Duration WORST = Duration.ofSeconds(1);
  private static final Duration SILENCE = Duration.ofMillis(100);
  private static final String POLICY = "policy-pod-b";

  @Override
  public String title() {
    return "policy cuts pod-b off, and is lifted";
  }

  /** Times of one round. */
  private record Round(Duration cut, Duration lifted, int denied) {}

  @Override
  public String run(SampleCluster cluster) throws IOException, InterruptedException {
    Manifests manifests = cluster.lab().manifests();
    manifests.put("pod-b", podManifest(cluster.podB()));
    List<Duration> cut = new ArrayList<>();
    List<Duration> lifted = new ArrayList<>();
    int denied = 0;
    try {
      for (int i = 0; i < ROUNDS; i++) {
        Round round = round(cluster, i % 2 == 0 ? cluster.podA() : cluster.podC());
        cut.add(round.cut());
        lifted.add(round.lifted());
        denied += round.denied();
      }
    } finally {
      manifests.delete(POLICY);
      manifests.delete("pod-b");
    }
    cut.sort(null);
    lifted.sort(null);
    String seen =
        "cut after %s at the median, %s at worst; lifted after %s; %d packets denied, none through;"
            + " its own node still reached it";
    seen =
        seen.formatted(
            Times.text(cut.get(ROUNDS / 2)),
            Times.text(cut.getLast()),
            Times.text(lifted.get(ROUNDS / 2)),
            denied);
    CheckFailure.unless(
        cut.getLast().compareTo(WORST) < 0, seen + "; it must take less than a second");
    return seen;
  }

  /** From the same node and from the other one in turn. */
  private static Round round(SampleCluster cluster, Pod client)
      throws IOException, InterruptedException {
    Pod pod = cluster.podB();
    Manifests manifests = cluster.lab().manifests();
    Manifests.Staged policy = manifests.stage(POLICY, denyIngress());
    try (PacketProber prober =
        PacketProber.start(
            client.namespace(),
            pod.namespace(),
            pod.at(SampleCluster.POD_PORT),
            Duration.ofMillis(1))) {
      prober.awaitAnswers(ENOUGH);
      Duration set = prober.elapsed();
      policy.commit();
      awaitSilence(prober);
      EchoClient.tcp(pod.node().namespace(), pod.at(SampleCluster.POD_PORT), Asking.LIMIT);
      Asking.podToPod(client, cluster.podD());
      Duration withdrawn = prober.elapsed();
      manifests.delete(POLICY);
      prober.awaitAnswers(ENOUGH);
      List<Loss> lost = prober.finish().lost();
      CheckFailure.unless(!lost.isEmpty(), "the policy denied nothing");
      Loss first = lost.getFirst();
      Loss last = lost.getLast();
      CheckFailure.unless(
          lost.size() == last.number() - first.number() + 1,
          "%d of the packets from the %dth to the %dth got through"
              .formatted(
                  last.number() - first.number() + 1 - lost.size(), first.number(), last.number()));
      return new Round(first.at().minus(set), last.at().minus(withdrawn), lost.size());
    }
  }

  private static void awaitSilence(PacketProber prober) throws IOException, InterruptedException {
    Await.until(
        "no packet gets through any more",
        Await.PATIENCE,
        () -> {
          int answered = prober.answered();
          Thread.sleep(SILENCE);
          return prober.answered() == answered;
        });
  }

  private static String podManifest(Pod pod) {
    return """
    apiVersion: v1
    kind: Pod
    metadata: {name: %s, namespace: default, labels: {app: web}}
    spec: {nodeName: %s}
    status: {phase: Running, podIPs: [{ip: "%s"}]}
    """
        .formatted(pod.name(), pod.node().name(), pod.address().getHostAddress());
  }

  private static String denyIngress() {
    return """
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: cut-off, namespace: default}
    spec:
      podSelector: {matchLabels: {app: web}}
      policyTypes: [Ingress]
    """;
  }
}
