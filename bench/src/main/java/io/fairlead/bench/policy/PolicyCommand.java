package io.fairlead.bench.policy;

import io.fairlead.bench.cli.MeasuringCommand;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import java.io.IOException;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of {@link PolicyBench}. */
@Command(
    name = "policy",
    description = "NetworkPolicies: changes, first sync, restart, memory and the way of packets.",
    mixinStandardHelpOptions = true)
public final class PolicyCommand extends MeasuringCommand {

  @Option(
      names = "--pods",
      paramLabel = "N",
      defaultValue = "10000",
      description = "Pods of the cluster (${DEFAULT-VALUE}).")
  private int pods;

  @Option(
      names = "--local",
      paramLabel = "N",
      defaultValue = "100",
      description = "Pods of this node, 2 to 200 (${DEFAULT-VALUE}).")
  private int local;

  @Option(
      names = "--policies",
      paramLabel = "N",
      defaultValue = "1000",
      description = "NetworkPolicies (${DEFAULT-VALUE}).")
  private int policies;

  @Option(
      names = "--large-pods",
      paramLabel = "N",
      defaultValue = "30000",
      description = "Pods of the cluster whose memory is measured (${DEFAULT-VALUE}).")
  private int largePods;

  @Option(
      names = "--large-policies",
      paramLabel = "N",
      defaultValue = "30000",
      description = "NetworkPolicies of that one (${DEFAULT-VALUE}).")
  private int largePolicies;

  @Option(
      names = "--changes",
      paramLabel = "N",
      defaultValue = "200",
      description = "Changes of each kind (${DEFAULT-VALUE}).")
  private int changes;

  @Option(
      names = "--rivals",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "kube-router's way by iptables and ipset takes part, or not.")
  private boolean rivals;

  @Option(
      names = "--rival-changes",
      paramLabel = "N",
      defaultValue = "5",
      description = "The most changes of each kind of a rival (${DEFAULT-VALUE}).")
  private int rivalChanges;

  @Option(
      names = "--what",
      paramLabel = "FIGURE[,FIGURE]",
      defaultValue = "policy-update",
      description =
          "Some of policy-update, policy-event-to-kernel, first-sync (and restart), memory"
              + " (${DEFAULT-VALUE}).")
  private String what = "";

  @Override
  protected void measure(Samples samples, Map<String, String> environment, ProgressLines progress)
      throws IOException, InterruptedException {
    PolicyOptions options =
        new PolicyOptions(
            new Population(pods, local, policies),
            new Population(largePods, local, largePolicies, Population.NAMESPACES),
            changes,
            rivals ? rivalChanges : 0,
            Figure.named(what));
    environment.put("seed", Long.toString(KernelBench.SEED));
    new PolicyBench(options, progress, samples).run();
  }
}
