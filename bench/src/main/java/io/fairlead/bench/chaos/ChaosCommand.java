package io.fairlead.bench.chaos;

import io.fairlead.bench.chaos.fault.FaultKind;
import io.fairlead.bench.lab.Distribution;
import io.fairlead.bench.result.ProgressLines;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The command line of {@link Chaos}. Writes a report, and progress on standard error; exits with 1
 * and sentences if a promise was broken, or if it cannot run, and with 2 on a wrong option.
 */
@Command(
    name = "chaos",
    description = {
      "Breaks everything around agents under watched traffic, in an order that a seed gives.",
      "It measures nothing: its report and its exit code say whether a promise was broken."
    },
    mixinStandardHelpOptions = true)
public final class ChaosCommand implements Callable<Integer> {

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of everything that is random (the clock's).")
  private @Nullable Long seed;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      defaultValue = "15m",
      description = "How long faults happen: 90s, 15m, 2h (${DEFAULT-VALUE}).")
  private String duration = "15m";

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "2",
      description = "2 or 3 (${DEFAULT-VALUE}).")
  private int nodes = 2;

  @Option(
      names = "--faults",
      paramLabel = "FAULT",
      split = ",",
      description = "Only these; --list names all.")
  private List<String> faults = List.of();

  @Option(
      names = "--proxy-mode",
      paramLabel = "MODE",
      defaultValue = "nftables",
      description = "nftables, iptables or ipvs (${DEFAULT-VALUE}).")
  private String proxyMode = "nftables";

  @Option(
      names = "--output",
      paramLabel = "FOLDER",
      defaultValue = "target/chaos",
      description = "Of report.md, report.json and timeline.svg (${DEFAULT-VALUE}).")
  private Path output = Path.of("target/chaos");

  @Option(names = "--json", paramLabel = "FILE", description = "Also write report.json there.")
  private @Nullable Path json;

  @Option(names = "--list", description = "Name all faults, and do nothing.")
  private boolean list;

  @Spec private @Nullable CommandSpec spec;

  /** For picocli. */
  public ChaosCommand() {}

  /**
   * What the options say.
   *
   * @throws IllegalArgumentException with a sentence if one is wrong
   */
  ChaosOptions options(long otherSeed) {
    List<FaultKind> kinds =
        faults.isEmpty()
            ? List.of(FaultKind.values())
            : faults.stream().map(FaultKind::of).distinct().toList();
    return new ChaosOptions(
        seed == null ? otherSeed : seed, duration(duration), nodes, kinds, proxyMode);
  }

  private static Duration duration(String text) {
    if (!text.matches("[0-9]{1,6}[smh]")) {
      throw new IllegalArgumentException(
          "--duration takes a number with s, m or h, such as 90s, not \"" + text + "\"");
    }
    return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    CommandSpec given = spec;
    if (given == null) {
      throw new IllegalStateException("a command runs within picocli");
    }
    PrintWriter out = given.commandLine().getOut();
    if (list) {
      for (FaultKind kind : FaultKind.values()) {
        out.printf(Locale.ROOT, "%-20s %s%n", kind.spelling(), kind.words());
      }
      out.flush();
      return 0;
    }
    ChaosOptions options;
    try {
      options = options(System.nanoTime() & Integer.MAX_VALUE);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(given.commandLine(), String.valueOf(e.getMessage()), e);
    }
    ChaosReport report =
        new Chaos(options, Distribution.required(), new ProgressLines(System.err)).run();
    write(report);
    List<String> broken = report.broken();
    out.println(
        broken.isEmpty()
            ? "No promise was broken; " + output.resolve("report.md") + " has the rest."
            : broken.size() + " promises were broken:");
    broken.forEach(out::println);
    out.flush();
    return broken.isEmpty() ? 0 : 1;
  }

  private void write(ChaosReport report) throws IOException {
    Files.createDirectories(output);
    String text = ReportJson.of(report);
    Files.writeString(output.resolve("report.md"), ReportText.of(report));
    Files.writeString(output.resolve("report.json"), text);
    Files.writeString(output.resolve("timeline.svg"), ReportPicture.of(report));
    if (json != null) {
      Files.writeString(json, text);
    }
  }
}
