package io.fairlead.bench.overlay;

import io.fairlead.bench.result.MarkdownTable;
import io.fairlead.bench.result.Results;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The command line of {@link OverlayBench}: [--nodes N] [--rounds N] [--markdown yes] [--json
 * FILE]. Prints a table; exits with 1 and a sentence on standard error if it cannot run, with 2 on
 * a wrong argument.
 */
public final class OverlayBenchMain {

  private int nodes = 500;
  private int rounds = 30;
  private boolean markdown;
  private @Nullable Path json;

  private OverlayBenchMain() {}

  @SuppressWarnings("SystemOut") // Its output is for a person.
  public static void main(String[] arguments) throws InterruptedException {
    OverlayBenchMain options = new OverlayBenchMain();
    try {
      options.parse(arguments);
      Results results = new OverlayBench(options.nodes, options.rounds).run();
      System.out.print(options.markdown ? MarkdownTable.of(results.cells()) : results.toTable());
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
        case "--nodes" -> nodes = number(arguments[i], value);
        case "--rounds" -> rounds = number(arguments[i], value);
        case "--markdown" -> markdown = value.equals("yes");
        case "--json" -> json = Path.of(value);
        default ->
            throw new IllegalArgumentException(
                "there is no "
                    + arguments[i]
                    + "; try --nodes N, --rounds N, --markdown yes or --json FILE");
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
