package io.fairlead.bench.cli;

import io.fairlead.bench.result.Machine;
import io.fairlead.bench.result.MarkdownTable;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Results;
import io.fairlead.bench.result.Samples;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * A subcommand that takes samples, says on standard error how far it is, and ends with a table on
 * standard output or a file of JSON, as {@link Results} describes it. Its exit code is 0; 1 with a
 * sentence if something failed, and the cells up to then; 2 if an option is wrong.
 */
public abstract class MeasuringCommand implements Callable<Integer> {

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Also write environment and cells there.")
  private @Nullable Path json;

  @Option(names = "--markdown", description = "Print the table as Markdown.")
  private boolean markdown;

  @Spec private @Nullable CommandSpec spec;

  /** For picocli. */
  protected MeasuringCommand() {}

  /**
   * Takes the samples.
   *
   * @param environment takes what the figures depend on besides the machine, such as seeds
   * @throws IllegalArgumentException with a sentence if options do not go together
   */
  protected abstract void measure(
      Samples samples, Map<String, String> environment, ProgressLines progress)
      throws IOException, InterruptedException;

  @Override
  public final Integer call() throws IOException, InterruptedException {
    Map<String, String> environment = new LinkedHashMap<>(Machine.describe());
    environment.put("load before", Machine.load());
    Samples samples = new Samples();
    try {
      measure(samples, environment, new ProgressLines(System.err));
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    } catch (IOException | InterruptedException | RuntimeException e) {
      // Minutes of samples are not lost because of what failed after them.
      if (!samples.isEmpty()) {
        tell(samples, environment);
      }
      throw e;
    }
    tell(samples, environment);
    return 0;
  }

  private void tell(Samples samples, Map<String, String> environment) throws IOException {
    environment.put("load after", Machine.load());
    Results results = new Results(environment, samples.cells());
    PrintWriter out = specification().commandLine().getOut();
    out.print(markdown ? MarkdownTable.of(results.cells()) : results.toTable());
    out.flush();
    if (json != null) {
      results.writeJson(json);
    }
  }

  /** What to throw where an option is wrong. */
  protected final ParameterException wrong(String sentence) {
    return new ParameterException(specification().commandLine(), sentence);
  }

  private CommandSpec specification() {
    CommandSpec given = spec;
    if (given == null) {
      throw new IllegalStateException("a command runs within picocli");
    }
    return given;
  }
}
