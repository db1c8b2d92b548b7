package io.fairlead.bench.jmh;

import io.fairlead.bench.result.ProgressLines;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.format.OutputFormat;

/** Says which benchmark runs, and keeps what JMH would print for the case that one fails. */
final class JmhProgress implements OutputFormat {

  private final ProgressLines progress;
  private final StringBuilder said = new StringBuilder();

  JmhProgress(ProgressLines progress) {
    this.progress = progress;
  }

  /** What JMH said since the last benchmark began. */
  String said() {
    return said.toString().strip();
  }

  @Override
  public void startBenchmark(BenchmarkParams benchmark) {
    said.setLength(0);
    String name = benchmark.getBenchmark();
    String parameters =
        benchmark.getParamsKeys().stream()
            .map(key -> key + " " + benchmark.getParam(key))
            .collect(Collectors.joining(", ", " ", ""));
    progress.say(name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1) + parameters);
  }

  @Override
  public void print(String text) {
    said.append(text);
  }

  @Override
  public void println(String text) {
    said.append(text).append('\n');
  }

  @Override
  public void verbosePrintln(String text) {}

  @Override
  public void write(int letter) {
    said.append((char) letter);
  }

  @Override
  public void write(byte[] bytes) {
    said.append(new String(bytes, StandardCharsets.UTF_8));
  }

  @Override
  public void iteration(BenchmarkParams benchmark, IterationParams iteration, int number) {}

  @Override
  public void iterationResult(
      BenchmarkParams benchmark, IterationParams iteration, int number, IterationResult result) {}

  @Override
  public void endBenchmark(@Nullable BenchmarkResult result) {}

  @Override
  public void startRun() {}

  @Override
  public void endRun(Collection<RunResult> results) {}

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
