package io.fairlead.bench.jmh;

import io.fairlead.bench.result.ProgressLines;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs benchmarks of JMH and hands out what every iteration measured. JMH starts its JVMs from the
 * calling thread, so they are in the network namespace of that thread.
 */
public final class JmhRun {

  private static final String ALLOCATION = "gc.alloc.rate.norm";

  static {
    // Somebody else's JMH on this machine is no reason to fail; the load is told with the results.
    System.setProperty("jmh.ignoreLock", "true");
  }

  /**
   * What one iteration measured.
   *
   * @param benchmark its class and method
   * @param parameters of the benchmark, by name
   * @param nanos of one call, on average
   * @param bytes allocated by one call, on average; NaN if JMH did not measure it
   */
  public record Measured(
      String benchmark, Map<String, String> parameters, double nanos, double bytes) {}

  private final Effort effort;
  private final ProgressLines progress;

  public JmhRun(Effort effort, ProgressLines progress) {
    this.effort = effort;
    this.progress = progress;
  }

  /**
   * Runs all benchmarks whose class and method match a pattern.
   *
   * @param pattern a regular expression, to be found in the name
   * @param parameters those that get one value each, in place of all
   */
  public List<Measured> run(String pattern, Map<String, String> parameters, JavaCompiler compiler)
      throws IOException {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(pattern)
            .timeUnit(TimeUnit.NANOSECONDS)
            .forks(effort.forks())
            .warmupIterations(effort.warmUps())
            .measurementIterations(effort.iterations())
            .shouldFailOnError(true);
    if (effort.millis() == 0) {
      options.mode(Mode.SingleShotTime);
    } else {
      TimeValue time = TimeValue.milliseconds(effort.millis());
      options.mode(Mode.AverageTime).warmupTime(time).measurementTime(time);
    }
    if (effort.forks() > 0) {
      options
          .jvm(Path.of(System.getProperty("java.home"), "bin", "java").toString())
          .jvmArgs(compiler.options().toArray(String[]::new))
          .addProfiler(GCProfiler.class);
    }
    parameters.forEach((name, value) -> options.param(name, value));
    JmhProgress output = new JmhProgress(progress);
    try {
      return measured(new Runner(options.build(), output).run());
    } catch (RunnerException e) {
      throw new IOException("JMH failed: " + e.getMessage() + "\n" + output.said(), e);
    }
  }

  private static List<Measured> measured(Collection<RunResult> runs) {
    List<Measured> all = new ArrayList<>();
    for (RunResult run : runs) {
      Map<String, String> parameters = new LinkedHashMap<>();
      for (String name : run.getParams().getParamsKeys()) {
        parameters.put(name, run.getParams().getParam(name));
      }
      for (BenchmarkResult fork : run.getBenchmarkResults()) {
        for (IterationResult iteration : fork.getIterationResults()) {
          all.add(
              new Measured(
                  run.getParams().getBenchmark(),
                  parameters,
                  iteration.getPrimaryResult().getScore(),
                  allocation(iteration)));
        }
      }
    }
    return all;
  }

  @SuppressWarnings("rawtypes") // as JMH has it
  private static double allocation(IterationResult iteration) {
    // JMH puts a dot of its own before the names of profilers' results, or does not.
    for (var result : iteration.getSecondaryResults().entrySet()) {
      if (result.getKey().endsWith(ALLOCATION)) {
        return result.getValue().getScore();
      }
    }
    return Double.NaN;
  }
}
