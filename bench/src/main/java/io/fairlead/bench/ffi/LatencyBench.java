package io.fairlead.bench.ffi;

import io.fairlead.bench.jmh.Effort;
import io.fairlead.bench.jmh.JavaCompiler;
import io.fairlead.bench.jmh.JmhRun;
import io.fairlead.bench.jmh.JmhRun.Measured;
import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Exchanges in a row: how long one takes, and what it allocates. Contenders take turns. */
final class LatencyBench {

  private static final double NANOS_PER_MICRO = 1e3;

  private final LabNamespace namespace;
  private final @Nullable CExchange floor;
  private final ProgressLines progress;
  private final List<JavaCompiler> compilers;

  LatencyBench(
      LabNamespace namespace,
      @Nullable CExchange floor,
      ProgressLines progress,
      List<JavaCompiler> compilers) {
    this.namespace = namespace;
    this.floor = floor;
    this.progress = progress;
    this.compilers = compilers;
  }

  /** Lets each contender make each exchange, in so many rounds. */
  void run(int rounds, Effort effort, Samples samples) throws IOException, InterruptedException {
    JmhRun jmh = new JmhRun(effort, progress);
    List<Contender> contenders = List.of(Contender.values());
    for (int round = 0; round < rounds; round++) {
      for (Exchange exchange : Exchange.values()) {
        for (JavaCompiler compiler : compilers) {
          for (int i = 0; i < contenders.size(); i++) {
            Contender contender = contenders.get((round + i) % contenders.size());
            measure(jmh, contender, exchange, compiler, samples);
          }
        }
        if (floor != null) {
          String title = "gcc -O2";
          for (double nanos :
              floor.rounds(namespace, exchange, effort.iterations(), effort.millis())) {
            addLatency(samples, CExchange.CONTENDER, exchange, title, nanos);
          }
        }
      }
    }
  }

  private void measure(
      JmhRun jmh, Contender contender, Exchange exchange, JavaCompiler compiler, Samples samples)
      throws IOException, InterruptedException {
    Map<String, String> parameters =
        Map.of("contender", contender.title(), "exchange", exchange.title());
    String pattern = "^" + ExchangeBenchmark.class.getName().replace(".", "\\.") + "\\.";
    List<Measured> all = namespace.call(() -> jmh.run(pattern, parameters, compiler));
    for (Measured measured : all) {
      addLatency(samples, contender.title(), exchange, compiler.name(), measured.nanos());
      if (!Double.isNaN(measured.bytes())) {
        samples.add(
            "ffi-allocation",
            parameters(contender.title(), exchange, compiler.name()),
            "B/exchange",
            measured.bytes());
      }
    }
  }

  private static void addLatency(
      Samples samples, String contender, Exchange exchange, String compiler, double nanos) {
    samples.add(
        "ffi-latency", parameters(contender, exchange, compiler), "us", nanos / NANOS_PER_MICRO);
  }

  private static Map<String, String> parameters(
      String contender, Exchange exchange, String compiler) {
    return Map.of("contender", contender, "exchange", exchange.title(), "compiler", compiler);
  }
}
