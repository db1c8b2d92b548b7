package io.fairlead.bench.micro;

import io.fairlead.bench.jmh.Effort;
import io.fairlead.bench.jmh.JavaCompiler;
import io.fairlead.bench.jmh.JmhRun;
import io.fairlead.bench.jmh.JmhRun.Measured;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Runs this package's benchmarks; a cell is called after its class and method. */
final class MicroBench {

  private static final String CLASS_ENDING = "Benchmark";

  private final Effort effort;
  private final ProgressLines progress;

  MicroBench(Effort effort, ProgressLines progress) {
    this.effort = effort;
    this.progress = progress;
  }

  /**
   * Runs those whose class and method match a pattern.
   *
   * @param only a regular expression, to be found in "ElementBenchmark.encode"
   */
  void run(String only, List<JavaCompiler> compilers, Samples samples) throws IOException {
    String prefix = "^" + MicroBench.class.getPackageName().replace(".", "\\.") + "\\.";
    String pattern = prefix + ".*(?:" + only + ")";
    for (JavaCompiler compiler : compilers) {
      for (Measured measured : new JmhRun(effort, progress).run(pattern, Map.of(), compiler)) {
        add(measured, compiler, samples);
      }
    }
  }

  private static void add(Measured measured, JavaCompiler compiler, Samples samples) {
    Map<String, String> parameters = new HashMap<>(measured.parameters());
    parameters.put("contender", "fairlead");
    parameters.put("compiler", compiler.name());
    String name = cell(measured.benchmark());
    samples.add(name, parameters, "ns/op", measured.nanos());
    if (!Double.isNaN(measured.bytes())) {
      samples.add(name + "-allocation", parameters, "B/op", measured.bytes());
    }
  }

  /** "micro-cni-request-parse" for io.fairlead.bench.micro.CniRequestBenchmark.parse. */
  static String cell(String benchmark) {
    int method = benchmark.lastIndexOf('.');
    int type = benchmark.lastIndexOf('.', method - 1);
    String typeName = benchmark.substring(type + 1, method);
    String subject =
        typeName.endsWith(CLASS_ENDING)
            ? typeName.substring(0, typeName.length() - CLASS_ENDING.length())
            : typeName;
    String name = subject + benchmark.substring(method + 1, method + 2).toUpperCase(Locale.ROOT);
    return "micro"
        + (name + benchmark.substring(method + 2))
            .replaceAll("([A-Z])", "-$1")
            .toLowerCase(Locale.ROOT);
  }
}
