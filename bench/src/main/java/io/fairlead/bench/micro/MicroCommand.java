package io.fairlead.bench.micro;

import io.fairlead.bench.cli.MeasuringCommand;
import io.fairlead.bench.jmh.Effort;
import io.fairlead.bench.jmh.JavaCompiler;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of {@link MicroBench}. */
@Command(
    name = "micro",
    description = "Single steps, such as a codec or a diff: their time, and what they allocate.",
    mixinStandardHelpOptions = true)
public final class MicroCommand extends MeasuringCommand {

  private static final Effort WHOLE = new Effort(1, 3, 5, 400);
  private static final Effort QUICK = new Effort(1, 1, 3, 100);

  @Option(names = "--quick", description = "Few and short iterations.")
  private boolean quick;

  @Option(
      names = "--only",
      paramLabel = "PATTERN",
      defaultValue = ".",
      description = "Those whose class and method match: Element, Policy.*changeOne.")
  private String only = ".";

  @Option(
      names = "--compiler",
      paramLabel = "C1|C2",
      split = ",",
      defaultValue = "C1",
      description = "Which compilers of the JVM; an agent runs with C1 alone (${DEFAULT-VALUE}).")
  private List<JavaCompiler> compilers = List.of();

  @Override
  protected void measure(Samples samples, Map<String, String> environment, ProgressLines progress)
      throws IOException {
    try {
      Pattern.compile(only);
    } catch (PatternSyntaxException e) {
      throw wrong("--only is no regular expression: " + e.getDescription());
    }
    environment.put("measured JVMs", compilers.getFirst().options().toString());
    new MicroBench(quick ? QUICK : WHOLE, progress).run(only, compilers, samples);
  }
}
