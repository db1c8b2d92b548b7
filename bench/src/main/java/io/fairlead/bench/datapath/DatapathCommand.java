package io.fairlead.bench.datapath;

import io.fairlead.bench.cli.MeasuringCommand;
import io.fairlead.bench.lab.Distribution;
import io.fairlead.bench.lab.KernelFeatures;
import io.fairlead.bench.policy.PathPolicies.Enforcer;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import io.fairlead.bench.rules.ServiceRules;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of what packets meet. */
@Command(
    name = "datapath",
    description = {
      "What packets meet: connect latency, round trips and throughput through Services, between pods"
          + " with policies, and from pod to pod through agents' nodes, beside rivals and floors.",
    },
    mixinStandardHelpOptions = true)
public final class DatapathCommand extends MeasuringCommand {

  /** What can be measured alone. */
  enum What {
    /** Through Services, for each backend and its rivals. */
    SERVICES,
    /** Between two pods of a node with policies. */
    POLICIES,
    /** From pod to pod, on one node and between two. */
    PODS,
    /** The same, and with each layer of an agent's node taken away. */
    LAYERS
  }

  @Option(
      names = "--what",
      paramLabel = "PART",
      split = ",",
      defaultValue = "services,policies,pods",
      description = "services, policies, pods or layers, which contains pods (${DEFAULT-VALUE}).")
  private Set<What> what = EnumSet.noneOf(What.class);

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      split = ",",
      defaultValue = "nftables,iptables,iptables-legacy",
      description = "nftables, iptables, iptables-legacy or ipvs (${DEFAULT-VALUE}).")
  private List<String> backends = List.of();

  @Option(
      names = "--services",
      paramLabel = "N",
      split = ",",
      defaultValue = "1,1000,10000,44000",
      description = "Numbers of Services, 1 to 60000 each (${DEFAULT-VALUE}).")
  private List<Integer> services = List.of();

  @Option(
      names = "--rival-services",
      paramLabel = "N",
      defaultValue = "10000",
      description = "The most Services that rivals are loaded with (${DEFAULT-VALUE}).")
  private int rivalServices;

  @Option(
      names = "--policies",
      paramLabel = "N",
      split = ",",
      defaultValue = "0,100,1000",
      description = "Numbers of policies, in hundreds (${DEFAULT-VALUE}).")
  private List<Integer> policies = List.of();

  @Option(names = "--without-rivals", description = "Leave rivals out; floors stay.")
  private boolean withoutRivals;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "20",
      description =
          "Rounds: in each 100 samples of every latency, and one of throughput (${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "1",
      description = "How long iperf3 sends from pod to pod in a round (${DEFAULT-VALUE}).")
  private int seconds;

  @Override
  protected void measure(Samples samples, Map<String, String> environment, ProgressLines progress)
      throws IOException, InterruptedException {
    if (rounds < 1 || seconds < 1) {
      throw new IllegalArgumentException("--rounds and --seconds take a number from 1 on");
    }
    if (what.contains(What.SERVICES)) {
      if (ServiceRules.needIpvs(backends) && !KernelFeatures.hasIpvs()) {
        throw new IOException(KernelFeatures.WITHOUT_IPVS);
      }
      new ServicesBench(progress)
          .run(
              ServiceRules.keepers(backends, !withoutRivals),
              services,
              rivalServices,
              rounds,
              samples);
    }
    if (what.contains(What.POLICIES)) {
      List<Enforcer> enforcers =
          withoutRivals ? List.of(Enforcer.FAIRLEAD) : List.of(Enforcer.values());
      new PoliciesBench(progress).run(enforcers, policies, rounds, samples);
    }
    if (what.contains(What.PODS) || what.contains(What.LAYERS)) {
      new PodsBench(Distribution.required(), progress)
          .run(rounds, seconds, what.contains(What.LAYERS), samples);
    }
  }
}
