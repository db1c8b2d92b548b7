package io.fairlead.bench.overlay;

import io.fairlead.bench.cli.MeasuringCommand;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import java.io.IOException;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of {@link OverlayBench}. */
@Command(
    name = "overlay",
    description = "Nodes that join the overlay, many at once and one more, beside ip -batch.",
    mixinStandardHelpOptions = true)
public final class OverlayCommand extends MeasuringCommand {

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "500",
      description = "Nodes that join at once, 1 to 30000 (${DEFAULT-VALUE}).")
  private int nodes;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "30",
      description = "How often they do (${DEFAULT-VALUE}).")
  private int rounds;

  @Override
  protected void measure(Samples samples, Map<String, String> environment, ProgressLines progress)
      throws IOException, InterruptedException {
    new OverlayBench(nodes, rounds, progress).run(samples);
  }
}
