package io.fairlead.bench.scale;

import io.fairlead.bench.result.Results;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command line of {@link ScaleModel}. */
@Command(
    name = "scale",
    description = "What a cluster beyond this machine would cost, from the cells of a run.",
    footer = {
      "",
      "Prints Markdown. Cells that are missing are named, and what needs them is \"?\"."
    },
    mixinStandardHelpOptions = true)
public final class ScaleCommand implements Callable<Integer> {

  @Parameters(paramLabel = "RESULTS.json", description = "As --json has written it.")
  private Path results = Path.of("");

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "5000",
      description = "Nodes (${DEFAULT-VALUE}).")
  private int nodes;

  @Option(
      names = "--services",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Services (${DEFAULT-VALUE}).")
  private int services;

  @Option(
      names = "--endpoints",
      paramLabel = "N",
      defaultValue = "2",
      description = "Endpoints of a Service, on average (${DEFAULT-VALUE}).")
  private double endpoints;

  @Option(
      names = "--changed-slice",
      paramLabel = "N",
      defaultValue = "10",
      description = "Endpoints in a slice that changes (${DEFAULT-VALUE}).")
  private int changedSlice;

  @Option(
      names = "--changes-per-second",
      paramLabel = "N",
      defaultValue = "100",
      description = "Writes of EndpointSlices in the cluster (${DEFAULT-VALUE}).")
  private double changesPerSecond;

  @Option(
      names = "--pods",
      paramLabel = "N",
      defaultValue = "150000",
      description = "Pods (${DEFAULT-VALUE}).")
  private int pods;

  @Option(
      names = "--node-bytes",
      paramLabel = "N",
      defaultValue = "10000",
      description = "A Node as JSON (${DEFAULT-VALUE}).")
  private int nodeBytes;

  @Option(
      names = "--pod-bytes",
      paramLabel = "N",
      defaultValue = "6000",
      description = "A Pod as JSON (${DEFAULT-VALUE}).")
  private int podBytes;

  @Option(
      names = "--api-servers",
      paramLabel = "N",
      defaultValue = "3",
      description = "API servers that share the watches (${DEFAULT-VALUE}).")
  private int apiServers;

  @Option(
      names = "--contender",
      paramLabel = "NAME",
      defaultValue = "fairlead nftables",
      description = "Whose cells are taken (${DEFAULT-VALUE}).")
  private String contender = "";

  @Spec private @Nullable CommandSpec spec;

  /** For picocli. */
  public ScaleCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    CommandSpec given = spec;
    if (given == null) {
      throw new IllegalStateException("a command runs within picocli");
    }
    ModelCluster cluster;
    try {
      cluster =
          new ModelCluster(
              nodes,
              services,
              endpoints,
              changedSlice,
              changesPerSecond,
              pods,
              nodeBytes,
              podBytes,
              apiServers);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(given.commandLine(), String.valueOf(e.getMessage()));
    }
    Inputs inputs =
        Inputs.of(Results.read(results).cells(), EventBytes.measure(), cluster, contender);
    PrintWriter out = given.commandLine().getOut();
    out.print(ScaleText.of(new ScaleModel(cluster, inputs)));
    out.flush();
    return 0;
  }
}
