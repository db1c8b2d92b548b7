package io.fairlead.bench.suite;

import io.fairlead.bench.lab.Distribution;
import io.fairlead.bench.report.ReportFiles;
import io.fairlead.bench.result.Machine;
import io.fairlead.bench.result.Results;
import io.fairlead.bench.suite.Measurement.Run;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of {@link Suite}: runs it, merges the parts and writes the report. */
@Command(
    name = "all",
    description = {
      "Runs all measurements, each as a process of its own, and writes the report of them.",
      "One that fails is named in the report, and the others are not lost; the exit code is 1",
      "then. So is one that takes three times as long as it should, and a minute. Ctrl-C ends",
      "the run, and the report is of what there is."
    },
    mixinStandardHelpOptions = true)
public final class SuiteCommand implements Callable<Integer> {

  /** A property that bin/fairlead-bench sets to its own path. */
  static final String LAUNCHER = "fairlead.bench.launcher";

  @Option(names = "--quick", description = "Only those that are quick, in small sizes.")
  private boolean quick;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "NAME",
      description = "Only these measurements, or all of these subcommands.")
  private List<String> only = new ArrayList<>();

  @Option(names = "--list", description = "Print the measurements and run none.")
  private boolean list;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      defaultValue = "target/bench",
      description = "Where results and report go (${DEFAULT-VALUE}).")
  private Path output = Path.of("target/bench");

  @ArgGroup(exclusive = false)
  private @Nullable KubeProxy kubeProxy;

  @Spec private @Nullable CommandSpec spec;

  private final List<Measurement> table;

  /** What makes measurements of a real kube-proxy possible. */
  private static final class KubeProxy {

    @Option(
        names = "--kube-proxy",
        required = true,
        paramLabel = "PATH",
        description = "Also measure this kube-proxy.")
    private @Nullable Path binary;

    @Option(
        names = "--kubeconfig",
        paramLabel = "FILE",
        description = "The API server that it watches then (a double of one).")
    private @Nullable Path kubeconfig;

    List<String> options() {
      List<String> options = new ArrayList<>();
      add(options, "--kube-proxy", binary);
      add(options, "--kubeconfig", kubeconfig);
      return options;
    }

    private static void add(List<String> options, String name, @Nullable Path path) {
      if (path != null) {
        options.addAll(List.of(name, path.toAbsolutePath().toString()));
      }
    }
  }

  /** For picocli. */
  public SuiteCommand() {
    this(Measurements.ALL);
  }

  SuiteCommand(List<Measurement> table) {
    this.table = List.copyOf(table);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    CommandSpec given = spec;
    if (given == null) {
      throw new IllegalStateException("a command runs within picocli");
    }
    PrintWriter out = given.commandLine().getOut();
    Map<Measurement, Run> chosen;
    try {
      chosen = Selection.of(table, quick, kubeProxy != null, only);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(given.commandLine(), String.valueOf(e.getMessage()), e);
    }
    if (list) {
      out.print(TableText.of(chosen));
      out.flush();
      return 0;
    }
    return run(chosen, out);
  }

  /** What started this process, or else would. */
  private static Path launcher() throws IOException {
    String started = System.getProperty(LAUNCHER);
    return started == null
        ? Distribution.required().folder().resolve("bin/fairlead-bench")
        : Path.of(started);
  }

  private int run(Map<Measurement, Run> chosen, PrintWriter out)
      throws IOException, InterruptedException {
    Path tree = Path.of(System.getProperty("fairlead.root", "")).toAbsolutePath().normalize();
    Path parts = Files.createDirectories(output.toAbsolutePath().normalize().resolve("parts"));
    Map<String, String> environment = environment(tree);
    Commands commands =
        new Commands(
            launcher(),
            tree,
            parts,
            kubeProxy == null ? List.of() : kubeProxy.options(),
            System.getenv());
    List<Step> steps = new ArrayList<>();
    chosen.forEach((measurement, run) -> steps.add(commands.step(measurement, run)));
    try (Interruption _ = Interruption.ofThisThread()) {
      List<Outcome> outcomes = new Suite(steps, System.err).run();
      // From here on nothing waits, so that the report is written, whoever interrupted.
      boolean interrupted = Thread.interrupted();
      Results results = merge(environment, outcomes);
      Path json = output.resolve("results.json");
      results.writeJson(json);
      out.println(json);
      ReportFiles.write(results, output).forEach(out::println);
      List<Outcome> bad =
          outcomes.stream().filter(outcome -> outcome.end() != Outcome.End.DONE).toList();
      bad.forEach(outcome -> out.println(outcome.step().name() + " failed: " + outcome.error()));
      out.flush();
      return interrupted ? 130 : bad.isEmpty() ? 0 : 1;
    }
  }

  private Map<String, String> environment(Path tree) throws IOException, InterruptedException {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("begun", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    environment.put("run", quick ? "quick: small sizes, few samples" : "whole");
    environment.putAll(Versions.describe(tree));
    environment.putAll(Machine.describe());
    environment.put("load before", Machine.load());
    return environment;
  }

  private static Results merge(Map<String, String> environment, List<Outcome> outcomes)
      throws IOException {
    Map<String, String> whole = new LinkedHashMap<>(environment);
    whole.put("load after", Machine.load());
    Parts parts = new Parts(whole);
    for (Outcome outcome : outcomes) {
      Path json = outcome.step().json();
      boolean ran = outcome.end() == Outcome.End.DONE || outcome.end() == Outcome.End.FAILED;
      if (ran && Files.exists(json)) {
        parts.add(outcome, Results.read(json));
      } else {
        parts.add(outcome);
      }
    }
    return parts.merged();
  }
}
