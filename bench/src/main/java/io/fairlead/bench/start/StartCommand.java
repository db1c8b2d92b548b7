package io.fairlead.bench.start;

import io.fairlead.bench.cli.MeasuringCommand;
import io.fairlead.bench.lab.Distribution;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of {@link StartBench}. */
@Command(
    name = "start",
    description = {
      "Agents that start: until they are ready, what they hold then, and their first pods.",
      "FAIRLEAD_JAVA_OPTIONS reaches the agents, for example -XX:AOTMode=off."
    },
    mixinStandardHelpOptions = true)
public final class StartCommand extends MeasuringCommand {

  @Option(
      names = "--starts",
      paramLabel = "N",
      defaultValue = "10",
      description = "Starts of each source that are counted (${DEFAULT-VALUE}).")
  private int starts;

  @Option(
      names = "--services",
      paramLabel = "N",
      defaultValue = "50",
      description = "Services in the cluster, at most 50000 (${DEFAULT-VALUE}).")
  private int services;

  @Option(
      names = "--source",
      paramLabel = "NAME",
      description = "Only agents that read from manifests, or from an api server (both).")
  private @Nullable String source;

  @Override
  protected void measure(Samples samples, Map<String, String> environment, ProgressLines progress)
      throws IOException, InterruptedException {
    String only = source;
    List<Source> sources = only == null ? List.of(Source.values()) : List.of(Source.named(only));
    Distribution distribution = Distribution.required();
    environment.put("cache for a fast start", distribution.hasCache() ? "yes" : "no");
    environment.put(
        "agent's java options", System.getenv().getOrDefault("FAIRLEAD_JAVA_OPTIONS", ""));
    new StartBench(distribution, starts, services, sources, progress).run(samples);
  }
}
