package io.fairlead.bench.compare;

import io.fairlead.bench.result.Results;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The command line of {@link Comparison}. */
@Command(
    name = "compare",
    description = {
      "Says which cells of a result are worse than those of an older one, beyond noise.",
      "Exit code: 0 if none is, 1 if one is, 2 if a file cannot be read or an option is wrong."
    },
    mixinStandardHelpOptions = true)
public final class CompareCommand implements Callable<Integer> {

  private static final int NOTHING_WORSE = 0;
  private static final int WORSE = 1;
  private static final int UNREADABLE = 2;

  @Parameters(index = "0", paramLabel = "OLD.json", description = "What --json wrote before.")
  private @Nullable Path before;

  @Parameters(index = "1", paramLabel = "NEW.json", description = "What it wrote now.")
  private @Nullable Path after;

  @Option(
      names = "--at-least",
      paramLabel = "PERCENT",
      defaultValue = "10%",
      converter = Percent.class,
      description = "The least change of a time or rate that counts (${DEFAULT-VALUE}).")
  private double atLeast;

  @Option(
      names = "--level",
      paramLabel = "P",
      defaultValue = "0.05",
      description = "How likely any cell may be called changed by chance (${DEFAULT-VALUE}).")
  private double level;

  @Option(names = "--json", paramLabel = "FILE", description = "Also write the verdicts there.")
  private @Nullable Path json;

  @Spec private @Nullable CommandSpec spec;

  /** "10%" or "10" is a tenth. */
  static final class Percent implements ITypeConverter<Double> {
    @Override
    public Double convert(String text) {
      if (!text.matches("\\d{1,4}(\\.\\d{1,4})?%?")) {
        throw new TypeConversionException(
            "it takes a percentage such as 10%, not \"" + text + "\"");
      }
      return Double.parseDouble(text.replace("%", "")) / 100;
    }
  }

  @Override
  public Integer call() throws IOException {
    if (before == null || after == null || spec == null) {
      throw new IllegalStateException("a command runs within picocli");
    }
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Comparison comparison;
    try {
      Criteria criteria = new Criteria(atLeast, level);
      comparison = Comparison.of(Results.read(before), Results.read(after), criteria);
    } catch (IOException | IllegalArgumentException e) {
      err.println(e.getMessage());
      err.flush();
      return UNREADABLE;
    }
    out.print(ComparisonText.of(comparison));
    out.flush();
    if (json != null) {
      Files.writeString(json, ComparisonJson.of(comparison) + "\n");
    }
    return comparison.count(Verdict.WORSE) > 0 ? WORSE : NOTHING_WORSE;
  }
}
