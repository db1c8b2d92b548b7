package io.fairlead.bench.effort;

import io.fairlead.bench.cli.MeasuringCommand;
import io.fairlead.bench.lab.Distribution;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import io.fairlead.bench.rules.Population;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of {@link EffortMeter}: counts for each kind of change of each subject. */
@Command(
    name = "effort",
    description = {
      "What a change costs besides time: netlink messages and bytes, system calls, operations,",
      "allocation and processor time, from the record in hand to the kernel's acknowledgement."
    },
    mixinStandardHelpOptions = true)
public final class EffortCommand extends MeasuringCommand {

  private static final Duration IDLE = Duration.ofSeconds(3);

  /** What counts may depend on; the rest only makes two files differ. */
  private static final Set<String> DECISIVE = Set.of("kernel", "java");

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      split = ",",
      defaultValue = "all",
      description =
          "nftables, iptables, iptables-legacy, ipvs, policy, overlay, cni, or all but ipvs, which"
              + " not every kernel has (${DEFAULT-VALUE}).")
  private List<String> backends = List.of();

  @Option(
      names = "--services",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Services (${DEFAULT-VALUE}).")
  private int services;

  @Option(
      names = "--endpoints",
      paramLabel = "M",
      defaultValue = "10",
      description = "Endpoints of each (${DEFAULT-VALUE}).")
  private int endpoints;

  @Option(
      names = "--pods",
      paramLabel = "N",
      defaultValue = "2000",
      description = "Pods of the cluster of policies, a twentieth of them here (${DEFAULT-VALUE}).")
  private int pods;

  @Option(
      names = "--policies",
      paramLabel = "N",
      defaultValue = "200",
      description = "NetworkPolicies, a multiple of a twentieth of the pods (${DEFAULT-VALUE}).")
  private int policies;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "100",
      description = "Nodes of the overlay (${DEFAULT-VALUE}).")
  private int nodes;

  @Option(
      names = "--changes",
      paramLabel = "K",
      defaultValue = "100",
      description = "Changes of each kind, after as many that are not counted (${DEFAULT-VALUE}).")
  private int changes;

  @Option(
      names = "--agent",
      description = "Also a whole agent's processor time for each change of a Service.")
  private boolean agent;

  @Option(
      names = "--small",
      description =
          "A few seconds' worth, other sizes left aside, and only of counts that do not depend on"
              + " the clock: what the regression guard compares.")
  private boolean small;

  @Override
  protected void measure(Samples samples, Map<String, String> environment, ProgressLines progress)
      throws IOException, InterruptedException {
    if (changes < 1) {
      throw new IllegalArgumentException("--changes takes a number from 1 on, not " + changes);
    }
    Sizes sizes =
        small
            ? Sizes.SMALL
            : Sizes.of(new Population(services, endpoints), pods, policies, nodes, changes);
    List<SubjectKind> kinds = SubjectKind.named(backends);
    if (small) {
      environment.keySet().retainAll(DECISIVE);
    }
    for (SubjectKind kind : kinds) {
      try (EffortMeter meter = new EffortMeter(samples, small)) {
        count(kind, sizes, meter, progress);
      }
    }
    if (agent) {
      AgentProcessor whole = new AgentProcessor(Distribution.required(), progress, samples, IDLE);
      for (SubjectKind kind : kinds) {
        kind.backend().ifPresent(backend -> whole.add(backend, sizes.services()));
      }
      whole.run(sizes.changes());
    }
  }

  private static void count(
      SubjectKind kind, Sizes sizes, EffortMeter meter, ProgressLines progress)
      throws IOException, InterruptedException {
    try (Subject subject = kind.create(sizes, meter)) {
      progress.say(subject.title() + ": " + sizes.changes() + " changes of each kind");
      meter.warmUp(true);
      for (int i = 0; i < sizes.changes(); i++) {
        subject.round(meter);
      }
      subject.finish(meter, sizes.changes());
      meter.warmUp(false);
      for (int i = 0; i < sizes.changes(); i++) {
        subject.round(meter);
      }
      subject.finish(meter, sizes.changes());
    }
  }
}
