package io.fairlead.bench.chaos;

import io.fairlead.bench.chaos.cluster.ChaosCluster;
import io.fairlead.bench.chaos.cluster.Inspection;
import io.fairlead.bench.chaos.cluster.Inspection.Usage;
import io.fairlead.bench.chaos.cluster.ObjectChurn;
import io.fairlead.bench.chaos.cluster.PodChurn;
import io.fairlead.bench.chaos.probe.Incident;
import io.fairlead.bench.chaos.probe.ProbeLog;
import io.fairlead.bench.lab.Await;
import io.fairlead.bench.lab.Distribution;
import io.fairlead.bench.lab.Node;
import io.fairlead.bench.lab.ProgramOutput;
import io.fairlead.bench.result.ProgressLines;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Breaks everything around the agents of a lab, in the order of a {@link Schedule}, while traffic
 * goes on and objects and pods come and go, and then looks whether all is as it should be. Needs
 * root.
 */
public final class Chaos {

  /** An agent that is idle may have a connection or a thread more than it began with, not many. */
  private static final int MORE_DESCRIPTORS = 12;

  private static final int MORE_THREADS = 12;
  private static final long MORE_BYTES = 64L << 20;

  private final ChaosOptions options;
  private final Distribution distribution;
  private final ProgressLines progress;
  private final List<String> broken = new ArrayList<>();
  private final List<String> facts = new ArrayList<>();

  public Chaos(ChaosOptions options, Distribution distribution, ProgressLines progress) {
    this.options = options;
    this.distribution = distribution;
    this.progress = progress;
  }

  /**
   * Runs it all.
   *
   * @throws IOException if it cannot be carried out; broken promises are no reason
   */
  public ChaosReport run() throws IOException, InterruptedException {
    progress.say("seed " + options.seed() + ", " + options.duration().toSeconds() + " s");
    try (ChaosCluster cluster =
            ChaosCluster.create(options.nodes(), options.proxyMode(), distribution);
        Probes probes = Probes.start(cluster);
        Standstill standstill = new Standstill()) {
      Inspection inspection = new Inspection(cluster);
      FaultLoop loop = new FaultLoop(cluster, probes, inspection, progress);
      require(loop, "the cluster does not begin as it should be");
      final Map<Node, Usage> before = usage(cluster);
      final long start = System.nanoTime();
      ProbeLog attachments = new ProbeLog("pods", "pods come and go by the CNI binary");
      churn(cluster, probes, loop, attachments);
      require(loop, "in the end");
      verify(cluster);
      compare(before, usage(cluster));
      final long end = System.nanoTime();
      List<ProbeLog> logs = new ArrayList<>(probes.logs());
      logs.add(attachments);
      probes.stop();
      residue(cluster);
      return report(start, end, loop.runs(), logs, standstill.periods());
    }
  }

  private void churn(ChaosCluster cluster, Probes probes, FaultLoop loop, ProbeLog attachments)
      throws IOException, InterruptedException {
    List<InetSocketAddress> sinks =
        List.of(
            cluster.pod("sink-1").at(Probes.SINK_PORT), cluster.pod("sink-2").at(Probes.SINK_PORT));
    List<PodChurn> pods = new ArrayList<>();
    try (ObjectChurn objects = new ObjectChurn(cluster, options.seed()).start()) {
      for (Node node : cluster.lab().nodes()) {
        pods.add(
            new PodChurn(
                    cluster,
                    node,
                    sinks,
                    attachments,
                    probes.newcomers(),
                    options.seed() + pods.size())
                .start());
      }
      loop.run(options);
      facts.add(objects.changes() + " changes of Services, EndpointSlices and NetworkPolicies");
    } finally {
      pods.forEach(PodChurn::close);
    }
  }

  private void require(FaultLoop loop, String when) throws IOException, InterruptedException {
    String trouble = loop.converge(System.nanoTime());
    if (!trouble.isEmpty()) {
      broken.add(when + ": " + trouble);
    }
  }

  private void verify(ChaosCluster cluster) throws IOException, InterruptedException {
    for (Node node : cluster.lab().nodes()) {
      ProgramOutput output = node.commandLine("verify");
      facts.add("fairlead verify on " + node.name() + " exits with " + output.exit());
      if (output.exit() != 0) {
        broken.add("fairlead verify on " + node.name() + " says: " + output.out() + output.error());
      }
    }
  }

  private static Map<Node, Usage> usage(ChaosCluster cluster) throws IOException {
    Map<Node, Usage> usage = new LinkedHashMap<>();
    for (Node node : cluster.lab().nodes()) {
      usage.put(node, Inspection.usage(node));
    }
    return usage;
  }

  private void compare(Map<Node, Usage> before, Map<Node, Usage> after) {
    before.forEach((node, first) -> {
      Usage last = after.getOrDefault(node, first);
      String change =
          "the agent of %s has %d descriptors (%d before), %d threads (%d), %d MiB (%d)"
              .formatted(
                  node.name(),
                  last.descriptors(),
                  first.descriptors(),
                  last.threads(),
                  first.threads(),
                  last.residentBytes() >> 20,
                  first.residentBytes() >> 20);
      facts.add(change);
      if (last.descriptors() > first.descriptors() + MORE_DESCRIPTORS
          || last.threads() > first.threads() + MORE_THREADS
          || last.residentBytes() > 2 * first.residentBytes() + MORE_BYTES) {
        broken.add(change);
      }
    });
  }

  private void residue(ChaosCluster cluster) throws IOException, InterruptedException {
    cluster.deletePods();
    for (Node node : cluster.lab().nodes()) {
      // What a full disk did not take of the leases' history is known to be history then.
      node.restartAgent();
      try {
        Await.until("nothing is left", Await.PATIENCE, () -> node.residue().isEmpty());
        facts.add("no link, route, lease or rule of a pod is left on " + node.name());
      } catch (IOException e) {
        broken.add("of pods that are gone there is left on " + node.name() + ": " + node.residue());
      }
    }
  }

  private ChaosReport report(
      long start,
      long end,
      List<FaultRun> runs,
      List<ProbeLog> logs,
      List<Standstill.Period> standstills) {
    // Before, Services were not there yet.
    List<Incident> incidents =
        logs.stream()
            .flatMap(log -> log.incidents().stream())
            .filter(incident -> incident.startNanos() >= start)
            .toList();
    List<Verdict> verdicts = Verdict.of(incidents, runs, standstills);
    for (FaultRun run : runs) {
      if (!run.trouble().isEmpty()) {
        broken.add("60 s after \"" + run.deed() + "\" not all was well: " + run.trouble());
      }
    }
    List<ChaosReport.Traffic> traffic =
        logs.stream()
            .map(log ->
                new ChaosReport.Traffic(log.name(), log.purpose(), log.successes(), log.unlisted()))
            .toList();
    return new ChaosReport(
        options, start, end, runs, traffic, verdicts, standstills.size(), facts, broken);
  }
}
