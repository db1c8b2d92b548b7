package io.fairlead.bench.cni;

import io.fairlead.bench.lab.Distribution;
import io.fairlead.bench.result.Results;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The command line of {@link CniBench}: [--pods N] [--plugins DIR] [--json FILE]. Prints a table;
 * exits with 1 and a sentence on standard error if it cannot run, with 2 on a wrong argument.
 */
public final class CniBenchMain {

  private int pods = 50;
  private Path plugins = Path.of("/usr/lib/cni");
  private @Nullable Path json;

  private CniBenchMain() {}

  @SuppressWarnings("SystemOut") // Its output is for a person.
  public static void main(String[] arguments) throws InterruptedException {
    CniBenchMain options = new CniBenchMain();
    try {
      options.parse(arguments);
      Results results = new CniBench(Distribution.required(), options.plugins, options.pods).run();
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
        case "--pods" -> pods = number(value);
        case "--plugins" -> plugins = Path.of(value);
        case "--json" -> json = Path.of(value);
        default ->
            throw new IllegalArgumentException(
                "there is no " + arguments[i] + "; try --pods N, --plugins DIR or --json FILE");
      }
    }
  }

  private static int number(String value) {
    if (!value.matches("\\d{1,4}")) {
      throw new IllegalArgumentException("--pods takes a number, not \"" + value + "\"");
    }
    return Integer.parseInt(value);
  }
}
