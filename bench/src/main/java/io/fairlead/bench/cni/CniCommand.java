package io.fairlead.bench.cni;

import io.fairlead.bench.cli.MeasuringCommand;
import io.fairlead.bench.lab.Distribution;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of {@link CniBench}. */
@Command(
    name = "cni",
    description = "Pods that are attached and detached, beside the reference plugins.",
    mixinStandardHelpOptions = true)
public final class CniCommand extends MeasuringCommand {

  @Option(
      names = "--what",
      split = ",",
      paramLabel = "FIGURE",
      description = "${COMPLETION-CANDIDATES}; all of them without it.")
  private Set<CniFigure> figures = EnumSet.allOf(CniFigure.class);

  @Option(
      names = "--pods",
      paramLabel = "N",
      defaultValue = "50",
      description = "Pods of each contender, one after the other, 1 to 250 (${DEFAULT-VALUE}).")
  private int pods;

  @Option(
      names = "--parallel",
      paramLabel = "N",
      defaultValue = "100",
      description = "Pods at once, 1 to 250 (${DEFAULT-VALUE}).")
  private int parallel;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "7",
      description = "How often pods come at once (${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--services",
      paramLabel = "N",
      defaultValue = "10000",
      description = "Services of one of our contenders; 0 leaves it out (${DEFAULT-VALUE}).")
  private int services;

  @Option(
      names = "--rules",
      paramLabel = "N",
      defaultValue = "6000",
      description =
          "Rules of others in table nat, of one of the reference's contenders; 0 leaves it out"
              + " (${DEFAULT-VALUE}).")
  private int rules;

  @Option(
      names = "--plugins",
      paramLabel = "DIR",
      defaultValue = "/usr/lib/cni",
      description = "Where the reference plugins are (${DEFAULT-VALUE}).")
  private Path plugins = Path.of("/usr/lib/cni");

  @Override
  protected void measure(Samples samples, Map<String, String> environment, ProgressLines progress)
      throws IOException, InterruptedException {
    CniOptions options = new CniOptions(plugins, pods, parallel, services, rules, rounds, figures);
    new CniBench(Distribution.required(), options, progress).run(samples);
  }
}
