package io.fairlead.bench.cni;

import io.fairlead.bench.lab.Distribution;
import io.fairlead.bench.result.MarkdownTable;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Results;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The command line of {@link CniBench}; {@link CniOptions#USAGE} are its flags. Prints a table, and
 * progress on standard error; exits with 1 and a sentence there if it cannot run, with 2 on a wrong
 * argument.
 */
public final class CniBenchMain {

  private CniBenchMain() {}

  @SuppressWarnings("SystemOut") // Its output is for a person.
  public static void main(String[] arguments) throws InterruptedException {
    try {
      CniOptions options = CniOptions.parse(arguments);
      Results results =
          new CniBench(Distribution.required(), options, new ProgressLines(System.err)).run();
      System.out.print(options.markdown() ? MarkdownTable.of(results.cells()) : results.toTable());
      Path file = options.json();
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
}
