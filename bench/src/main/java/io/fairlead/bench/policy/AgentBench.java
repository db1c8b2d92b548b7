package io.fairlead.bench.policy;

import io.fairlead.bench.lab.Distribution;
import io.fairlead.bench.lab.Pod;
import io.fairlead.bench.measure.ApiWriter.Written;
import io.fairlead.bench.measure.OneWayProber;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import io.fairlead.dataplane.model.LabelSelector;
import io.fairlead.dataplane.model.Labels;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Peer;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Rule;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PodRecord;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A whole agent as its users run it, with all pods of the node attached by CNI: how long from a
 * write to the API server until packets between two of them begin or cease to pass.
 */
final class AgentBench {

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int MOST_WARM_UP_CHANGES = 50;
  private static final long PAUSE_MILLIS = 20;
  private static final int PORT = 9000;

  private final PolicyOptions options;
  private final ProgressLines progress;
  private final Samples samples;

  AgentBench(PolicyOptions options, ProgressLines progress, Samples samples) {
    this.options = options;
    this.progress = progress;
    this.samples = samples;
  }

  /** A change of the cluster that lets packets pass, or stops them. */
  @FunctionalInterface
  private interface Write {
    Written write(boolean pass) throws IOException;
  }

  void run() throws IOException, InterruptedException {
    Population population = options.population();
    progress.say("an API server with " + population.title());
    ClusterObjects cluster = ClusterObjects.of(population);
    List<PodRecord> local = cluster.localPods();
    local.forEach(pod -> cluster.apply(new Change.OfPod(Change.Kind.PEER_GONE, pod.key(), null)));
    // One admits friends, the other whoever is in this mode.
    cluster.add(
        Policies.ingress(
            "gate",
            Policies.label(Population.APPLICATION, "gated"),
            new Rule(List.of(new Peer.Pods(null, Policies.label("role", "friend"))), null)));
    LabelSelector open =
        new LabelSelector(
            List.of(
                LabelSelector.Requirement.equal(Population.APPLICATION, "gated"),
                LabelSelector.Requirement.equal("mode", "open")));
    cluster.add(Policies.ingress("open", open, Rule.EVERYTHING));
    try (PolicyNode made = PolicyNode.create(Distribution.required(), cluster)) {
      made.node().startAgent();
      samples.addNanos("start-to-ready", parameters(Map.of()), made.node().waitReady().toNanos());
      progress.say(local.size() + " pods are attached");
      List<Pod> pods = new ArrayList<>();
      for (PodRecord pod : local) {
        pods.add(made.attach(pod(pod.key().name(), pod.labels())));
      }
      race(made, pods);
      made.delete(pods);
      made.node().killAgent();
    }
  }

  private static PodRecord pod(String name, Labels labels) {
    ObjectKey key = new ObjectKey(Population.namespaceName(0), name);
    return new PodRecord(key, "", labels, List.of(), Population.NODE, false, List.of(), 0);
  }

  private static PodRecord client(String role) {
    return pod("client", Labels.of(Map.of(Population.APPLICATION, "client", "role", role)));
  }

  private static PodRecord gated(String mode) {
    return pod("gated", Labels.of(Map.of(Population.APPLICATION, "gated", "mode", mode)));
  }

  private void race(PolicyNode made, List<Pod> pods) throws IOException, InterruptedException {
    Pod client = made.attach(client("stranger"));
    Pod gated = made.attach(gated("shut"));
    Pod free = made.attach(pod("free", Labels.of(Map.of(Population.APPLICATION, "free"))));
    pods.addAll(List.of(client, gated, free));
    race(
        Change.Kind.PEER_LABEL,
        client,
        gated,
        pass -> made.replace(client(pass ? "friend" : "stranger")));
    race(
        Change.Kind.LOCAL_LABEL,
        client,
        gated,
        pass -> made.replace(gated(pass ? "open" : "shut")));
    NetworkPolicyRecord wide = Policies.wide("wide");
    made.create(wide);
    race(
        Change.Kind.POLICY_CREATED,
        client,
        free,
        pass -> pass ? made.delete(wide) : made.create(wide));
  }

  /** At first nothing passes. */
  private void race(Change.Kind kind, Pod client, Pod server, Write write)
      throws IOException, InterruptedException {
    progress.say(options.changes() + " writes to the API server: " + kind.title());
    try (OneWayProber prober =
        OneWayProber.start(
            client.namespace(),
            server.namespace(),
            new InetSocketAddress(server.address(), PORT))) {
      prober.awaitSilence(LIMIT);
      int warmUp = Math.min(options.changes(), MOST_WARM_UP_CHANGES);
      for (int i = 0; i < warmUp + options.changes(); i++) {
        for (boolean pass : new boolean[] {true, false}) {
          Thread.sleep(PAUSE_MILLIS);
          Written written = write.write(pass);
          long moved = pass ? prober.awaitArrival(LIMIT) : prober.awaitSilence(LIMIT);
          if (i >= warmUp) {
            samples.addNanos(
                "policy-update",
                parameters(Map.of("change", title(kind, pass))),
                moved - written.sent());
          }
        }
      }
    }
  }

  private static String title(Change.Kind kind, boolean pass) {
    return kind == Change.Kind.POLICY_CREATED
        ? (pass ? Change.Kind.POLICY_DELETED : kind).title()
        : kind.title() + (pass ? ", allowed" : ", denied");
  }

  private Map<String, String> parameters(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(more);
    all.putAll(options.population().parameters());
    all.put("contender", FairleadContender.NAME);
    return all;
  }
}
