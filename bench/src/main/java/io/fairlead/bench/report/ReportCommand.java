package io.fairlead.bench.report;

import io.fairlead.bench.result.Merge;
import io.fairlead.bench.result.Results;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command line of {@link ReportFiles}. */
@Command(
    name = "report",
    description = {
      "Makes report.html, report.md and plots/ of results.",
      "Cells that several files have in common become one with all the samples."
    },
    mixinStandardHelpOptions = true)
public final class ReportCommand implements Callable<Integer> {

  @Parameters(arity = "1..*", paramLabel = "RESULTS.json", description = "What --json wrote.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "Where they go (the first file's folder).")
  private @Nullable Path output;

  @Spec private @Nullable CommandSpec spec;

  /** For picocli. */
  public ReportCommand() {}

  @Override
  public Integer call() throws IOException {
    CommandSpec given = spec;
    if (given == null) {
      throw new IllegalStateException("a command runs within picocli");
    }
    List<Results> all = new ArrayList<>();
    for (Path file : files) {
      all.add(Results.read(file));
    }
    Path folder = output;
    if (folder == null) {
      Path parent = files.getFirst().toAbsolutePath().getParent();
      folder = parent == null ? Path.of("") : parent;
    }
    PrintWriter out = given.commandLine().getOut();
    ReportFiles.write(Merge.of(all), folder).forEach(out::println);
    out.flush();
    return 0;
  }
}
