package io.fairlead.bench.ffi;

import io.fairlead.bench.cli.MeasuringCommand;
import io.fairlead.bench.jmh.Effort;
import io.fairlead.bench.jmh.JavaCompiler;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of {@link FfiBench}. */
@Command(
    name = "ffi",
    description = "The same netlink exchanges through Panama, through JNR-FFI and from C.",
    mixinStandardHelpOptions = true)
public final class FfiCommand extends MeasuringCommand {

  @Option(
      names = "--starts",
      paramLabel = "N",
      defaultValue = "10",
      description = "Processes of each kind to start, 0 for none (${DEFAULT-VALUE}).")
  private int starts;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "2",
      description = "How often each contender takes its turn (${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--iterations",
      paramLabel = "N",
      defaultValue = "5",
      description = "Samples of each turn (${DEFAULT-VALUE}).")
  private int iterations;

  @Option(
      names = "--millis",
      paramLabel = "N",
      defaultValue = "250",
      description = "Milliseconds of exchanges in each sample (${DEFAULT-VALUE}).")
  private int millis;

  @Option(
      names = "--compiler",
      paramLabel = "C1|C2",
      split = ",",
      defaultValue = "C1,C2",
      description = "Which compilers of the JVM; an agent runs with C1 alone (${DEFAULT-VALUE}).")
  private List<JavaCompiler> compilers = List.of();

  @Override
  protected void measure(Samples samples, Map<String, String> environment, ProgressLines progress)
      throws IOException, InterruptedException {
    if (starts < 0 || rounds < 1 || iterations < 1 || millis < 1) {
      throw wrong("rounds, iterations and their length are positive numbers");
    }
    environment.put("measured JVMs", JavaCompiler.C1.options().toString());
    new FfiBench(progress)
        .run(starts, rounds, new Effort(1, 2, iterations, millis), compilers, samples);
  }
}
