package io.fairlead.bench.start;

import io.fairlead.bench.lab.Distribution;
import io.fairlead.bench.result.Results;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The command line of {@link StartBench}: [--starts N] [--services N] [--source manifests|api]
 * [--json FILE]. Prints a table; exits with 1 and a sentence on standard error if it cannot run,
 * with 2 on a wrong argument. FAIRLEAD_JAVA_OPTIONS reaches the agents, for example
 * -XX:AOTMode=off.
 */
public final class StartBenchMain {

  private int starts = 10;
  private int services = 50;
  private List<Source> sources = List.of(Source.values());
  private @Nullable Path json;

  private StartBenchMain() {}

  @SuppressWarnings("SystemOut") // Its output is for a person.
  public static void main(String[] arguments) throws InterruptedException {
    StartBenchMain options = new StartBenchMain();
    try {
      options.parse(arguments);
      StartBench bench =
          new StartBench(
              Distribution.required(), options.starts, options.services, options.sources);
      Results results = bench.run();
      System.out.print(results.toTable());
      Path file = options.json;
      if (file != null) {
        results.writeJson(file);
      }
      System.exit(0);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
    } catch (IOException e) {
      System.err.println("the benchmark failed: " + e.getMessage());
      System.exit(1);
    }
  }

  private void parse(String[] arguments) {
    for (int i = 0; i < arguments.length; i += 2) {
      if (i + 1 == arguments.length) {
        throw new IllegalArgumentException(arguments[i] + " needs a value");
      }
      String value = arguments[i + 1];
      switch (arguments[i]) {
        case "--starts" -> starts = number(arguments[i], value);
        case "--services" -> services = number(arguments[i], value);
        case "--source" -> sources = List.of(Source.named(value));
        case "--json" -> json = Path.of(value);
        default ->
            throw new IllegalArgumentException(
                "there is no "
                    + arguments[i]
                    + "; try --starts N, --services N, --source NAME or --json FILE");
      }
    }
  }

  private static int number(String flag, String value) {
    if (!value.matches("\\d{1,5}")) {
      throw new IllegalArgumentException(flag + " takes a number, not \"" + value + "\"");
    }
    return Integer.parseInt(value);
  }
}
