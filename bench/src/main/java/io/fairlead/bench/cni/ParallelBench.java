package io.fairlead.bench.cni;

import io.fairlead.bench.measure.Program;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Adds many pods at once and measures until the last has been added. A shell starts the plugins,
 * since starting processes costs it least, and says how many failed. Contenders take turns.
 */
final class ParallelBench {

  private final Entrants entrants;
  private final CniOptions options;
  private final Path folder;
  private final ProgressLines progress;

  ParallelBench(Entrants entrants, CniOptions options, Path folder, ProgressLines progress) {
    this.entrants = entrants;
    this.options = options;
    this.folder = folder;
    this.progress = progress;
  }

  void run(Samples samples) throws IOException, InterruptedException {
    List<OnePlugin> contenders = new ArrayList<>(entrants.forParallel());
    for (int round = 0; round < options.rounds(); round++) {
      progress.say("pods at once, round " + (round + 1) + " of " + options.rounds());
      for (OnePlugin contender : contenders) {
        measure(contender, round * options.parallel(), options.parallel(), samples);
      }
      Collections.rotate(contenders, 1);
    }
  }

  private void measure(OnePlugin contender, int first, int count, Samples samples)
      throws IOException, InterruptedException {
    List<BenchPod> pods = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        pods.add(BenchPod.create(first + i));
      }
      for (String command : List.of("ADD", "DEL")) {
        Path failures = folder.resolve("failures");
        Files.deleteIfExists(failures);
        String script = script(contender, command, pods, failures);
        long nanos = new Program(contender.node()).run(script, "sh");
        Map<String, String> parameters = contender.parameters(count);
        String name = "cni-parallel-" + command.toLowerCase(Locale.ROOT);
        int failed = Files.exists(failures) ? Files.readAllLines(failures).size() : 0;
        samples.add(name, parameters, "pods/s", (count - failed) / (nanos / 1e9));
        samples.add(name + "-failures", parameters, "pods", failed);
      }
    } finally {
      pods.forEach(BenchPod::close);
    }
  }

  private static String script(
      OnePlugin contender, String command, List<BenchPod> pods, Path failures) throws IOException {
    StringBuilder script = new StringBuilder();
    for (BenchPod pod : pods) {
      Contender.Call call = contender.call(command, pod);
      script.append("{ ");
      call.variables()
          .forEach(
              (name, value) -> script.append(name).append('=').append(quoted(value)).append(' '));
      call.command().forEach(word -> script.append(quoted(word)).append(' '));
      script
          .append("<<'END' >/dev/null 2>&1 || echo failed >>")
          .append(quoted(failures.toString()));
      script.append("\n").append(call.input().strip()).append("\nEND\n} &\n");
    }
    return script.append("wait\n").toString();
  }

  private static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }
}
