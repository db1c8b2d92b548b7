package io.fairlead.bench.soak;

import io.fairlead.bench.lab.Distribution;
import io.fairlead.bench.result.ProgressLines;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The command line of {@link Soak}. Prints a report, and progress on standard error; exits with 1
 * if anything is left or was given out twice, or if it cannot run, and with 2 on a wrong option.
 */
@Command(
    name = "soak",
    description = {
      "Attaches pods while agent and CNI binary are killed, and looks for what is left.",
      "It measures nothing: its report and its exit code say whether something is left."
    },
    mixinStandardHelpOptions = true)
public final class SoakCommand implements Callable<Integer> {

  @Option(
      names = "--pods",
      paramLabel = "N",
      defaultValue = "5000",
      description = "Pods that are attached, 1 to 1000000 (${DEFAULT-VALUE}).")
  private int pods;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "8",
      description = "Threads of the container runtime, 1 to 64 (${DEFAULT-VALUE}).")
  private int threads;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of everything that is random (the clock's).")
  private @Nullable Long seed;

  @Option(names = "--json", paramLabel = "FILE", description = "Also write the report there.")
  private @Nullable Path json;

  @Spec private @Nullable CommandSpec spec;

  /** For picocli. */
  public SoakCommand() {}

  /** What the options say. */
  SoakOptions options(long otherSeed) {
    return new SoakOptions(pods, threads, seed == null ? otherSeed : seed);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    CommandSpec given = spec;
    if (given == null) {
      throw new IllegalStateException("a command runs within picocli");
    }
    SoakOptions options;
    try {
      options = options(System.nanoTime() & Integer.MAX_VALUE);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(given.commandLine(), String.valueOf(e.getMessage()), e);
    }
    SoakReport report =
        new Soak(options, Distribution.required(), new ProgressLines(System.err)).run();
    PrintWriter out = given.commandLine().getOut();
    out.print(report.toText());
    out.flush();
    if (json != null) {
      Files.writeString(json, report.toJson() + "\n");
    }
    return report.isClean() ? 0 : 1;
  }
}
