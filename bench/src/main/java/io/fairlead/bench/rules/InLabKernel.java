package io.fairlead.bench.rules;

import io.fairlead.bench.lab.KernelFeatures;
import io.fairlead.bench.result.Cell;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Results;
import io.fairlead.bench.result.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs the same command once more, in the lab kernel, which has IPVS. */
final class InLabKernel {

  private InLabKernel() {}

  /**
   * Takes the samples of a run there for its own.
   *
   * @param arguments of the subcommand
   * @throws IOException if there is no lab kernel, or the run failed
   */
  static void run(
      List<String> arguments,
      Samples samples,
      Map<String, String> environment,
      ProgressLines progress)
      throws IOException, InterruptedException {
    Path tree = Path.of(System.getProperty("fairlead.root", "")).toAbsolutePath();
    Path kernel = tree.resolve("scripts/lab-kernel");
    Path launcher = tree.resolve("target/fairlead/bin/fairlead-bench");
    if (!Files.isExecutable(kernel) || !Files.isExecutable(launcher)) {
      throw new IOException(KernelFeatures.WITHOUT_IPVS);
    }
    progress.say("this kernel has no IPVS: the same command in scripts/lab-kernel run");
    Path folder = Files.createTempDirectory("fairlead-rules-");
    Path json = folder.resolve("results.json");
    try {
      List<String> command = new ArrayList<>();
      command.addAll(List.of(kernel.toString(), "run", "--share", folder.toString()));
      command.addAll(List.of(launcher.toString(), "rules"));
      command.addAll(withoutOutput(arguments));
      command.addAll(List.of("--json", json.toString()));
      int exit =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start()
              .waitFor();
      if (exit != 0) {
        throw new IOException("the run in the lab kernel ended with exit code " + exit);
      }
      take(Results.read(json), samples, environment);
    } finally {
      Files.deleteIfExists(json);
      Files.delete(folder);
    }
  }

  /** The caller writes the results. */
  private static List<String> withoutOutput(List<String> arguments) {
    List<String> kept = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (argument.equals("--json")) {
        i++;
      } else if (!argument.startsWith("--json=") && !argument.equals("rules")) {
        kept.add(argument);
      }
    }
    return kept;
  }

  private static void take(Results results, Samples samples, Map<String, String> environment) {
    environment.putAll(results.environment());
    environment.put("in", "the lab kernel");
    for (Cell cell : results.cells()) {
      cell.samples()
          .forEach(value -> samples.add(cell.name(), cell.parameters(), cell.unit(), value));
    }
  }
}
