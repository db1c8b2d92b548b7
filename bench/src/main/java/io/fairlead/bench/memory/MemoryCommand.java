package io.fairlead.bench.memory;

import io.fairlead.bench.cli.MeasuringCommand;
import io.fairlead.bench.lab.Distribution;
import io.fairlead.bench.lab.KernelFeatures;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import io.fairlead.bench.rules.Backend;
import io.fairlead.bench.rules.Population;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of {@link MemoryBench}. */
@Command(
    name = "memory",
    description = {
      "Memory of an agent in sync (resident, proportional, live heap) and of the kernel (slab,",
      "counters of each processor, large tables), beside that of an agent with one Service."
    },
    mixinStandardHelpOptions = true)
public final class MemoryCommand extends MeasuringCommand {

  private static final Duration IDLE = Duration.ofSeconds(3);

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      split = ",",
      defaultValue = "nftables",
      description =
          "nftables, iptables, iptables-legacy, ipvs, or all but ipvs (${DEFAULT-VALUE}).")
  private List<String> backends = List.of();

  @Option(
      names = "--services",
      paramLabel = "N",
      defaultValue = "10000",
      description = "Services (${DEFAULT-VALUE}).")
  private int services;

  @Option(
      names = "--endpoints",
      paramLabel = "M",
      defaultValue = "2",
      description = "Endpoints of each (${DEFAULT-VALUE}).")
  private int endpoints;

  @Option(
      names = "--pods",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Pods of the cluster, 0 or 40 to 100000, a twentieth of them here, at most 100"
              + " (${DEFAULT-VALUE}).")
  private int pods;

  @Option(
      names = "--policies",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "NetworkPolicies, a multiple of the pods here; they take --pods (${DEFAULT-VALUE}).")
  private int policies;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Samples of each figure (${DEFAULT-VALUE}).")
  private int rounds;

  @Override
  protected void measure(Samples samples, Map<String, String> environment, ProgressLines progress)
      throws IOException, InterruptedException {
    List<Backend> given = Backend.named(backends);
    if (rounds < 1) {
      throw new IllegalArgumentException("--rounds takes a number from 1 on, not " + rounds);
    }
    if (given.contains(Backend.IPVS) && !KernelFeatures.hasIpvs()) {
      throw new IllegalArgumentException(KernelFeatures.WITHOUT_IPVS);
    }
    Cluster one = new Cluster(new Population(1, 1), null);
    Cluster all = new Cluster(new Population(services, endpoints), policyPopulation());
    MemoryBench bench = new MemoryBench(Distribution.required(), progress, samples, IDLE);
    for (int round = 0; round < rounds; round++) {
      for (Backend backend : given) {
        bench.agent(backend, one);
        bench.agent(backend, all);
        bench.kernel(backend, all, environment);
      }
    }
  }

  private io.fairlead.bench.policy.@Nullable Population policyPopulation() {
    if (pods == 0) {
      if (policies != 0) {
        throw new IllegalArgumentException("--policies takes --pods");
      }
      return null;
    }
    return io.fairlead.bench.policy.Population.of(pods, policies);
  }
}
