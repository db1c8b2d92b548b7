package io.fairlead.bench.rules;

import io.fairlead.bench.cli.MeasuringCommand;
import io.fairlead.bench.lab.KernelFeatures;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command line of {@link RulesBench}. */
@Command(
    name = "rules",
    description =
        "How long a change of Services takes until traffic follows, at any scale, beside rivals.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class RulesCommand extends MeasuringCommand {

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      split = ",",
      defaultValue = "nftables",
      description =
          "nftables, iptables, iptables-legacy, all of these, or ipvs: in the lab kernel, if this"
              + " kernel has none (${DEFAULT-VALUE}).")
  private List<String> backends = List.of();

  @Option(
      names = "--services",
      paramLabel = "N",
      defaultValue = "10000",
      description = "Services that there are, 1 to 60000 (${DEFAULT-VALUE}).")
  private int services;

  @Option(
      names = "--endpoints",
      paramLabel = "M",
      defaultValue = "2",
      description = "Endpoints of each, 1 to 1000 (${DEFAULT-VALUE}).")
  private int endpoints;

  @Option(
      names = "--changes",
      paramLabel = "K",
      defaultValue = "100",
      description = "Changes of each kind (${DEFAULT-VALUE}).")
  private int changes;

  @Option(
      names = "--what",
      paramLabel = "FIGURE",
      split = ",",
      defaultValue = "rule-update",
      description =
          "rule-update, record-to-traffic, event-to-kernel, first-sync, restart, start-to-ready"
              + " or all (${DEFAULT-VALUE}).")
  private List<String> figures = List.of();

  @Option(
      names = "--change",
      paramLabel = "KIND",
      split = ",",
      defaultValue = "replaced",
      description =
          "replaced (an endpoint), scaled (0 to 100 endpoints), added, deleted (a Service), rolled"
              + " (100 endpoints replaced at once); and for rule-update burst (1000 changes at"
              + " once) and steady (100 per second); or all (${DEFAULT-VALUE}).")
  private List<String> kinds = List.of();

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "60",
      description = "How long changes come at a steady rate (${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "First syncs, restarts and bursts (${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--rivals",
      description = "Also kube-proxy's work by nft, iptables-restore, ipvsadm and ipset.")
  private boolean rivals;

  @Option(
      names = "--rival-changes",
      paramLabel = "N",
      defaultValue = "5",
      description = "The most changes of each kind of a rival (${DEFAULT-VALUE}).")
  private int rivalChanges;

  @Option(
      names = "--rival-services",
      paramLabel = "N",
      defaultValue = "10000",
      description = "The most Services that a rival is loaded with (${DEFAULT-VALUE}).")
  private int rivalServices;

  @Option(
      names = "--grid",
      description =
          "100 to 44000 Services with 10 endpoints, and 10000 with 1 and 50; in place of --services"
              + " and --endpoints.")
  private boolean grid;

  @Option(
      names = "--whole-grid",
      description = "100 to 44000 Services with 1, 10 and 50 endpoints each, and every --change.")
  private boolean wholeGrid;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "20260101",
      description = "Of the choice of the Services that change (${DEFAULT-VALUE}).")
  private long seed;

  @Spec private @Nullable CommandSpec spec;

  /** For picocli. */
  public RulesCommand() {}

  @Override
  protected void measure(Samples samples, Map<String, String> environment, ProgressLines progress)
      throws IOException, InterruptedException {
    RulesOptions options =
        new RulesOptions(
            Backend.named(backends),
            changes,
            rivals,
            rivalChanges,
            rivalServices,
            seconds,
            rounds,
            seed);
    List<Grid.Point> points = points(Figure.named(figures), Workload.named(kinds));
    environment.put("seed", Long.toString(seed));
    if (options.backends().contains(Backend.IPVS) && !KernelFeatures.hasIpvs()) {
      InLabKernel.run(arguments(), samples, environment, progress);
    } else {
      new RulesBench(options, progress, samples).run(points);
    }
  }

  private List<Grid.Point> points(Set<Figure> what, Set<Workload> workloads) {
    if (wholeGrid) {
      return Grid.whole(what, workloads);
    }
    return grid
        ? Grid.axes(what, workloads)
        : List.of(new Grid.Point(new Population(services, endpoints), what, workloads));
  }

  /** Those of this command. */
  private List<String> arguments() {
    if (spec == null) {
      throw new IllegalStateException("a command runs within picocli");
    }
    return spec.commandLine().getParseResult().originalArgs();
  }
}
