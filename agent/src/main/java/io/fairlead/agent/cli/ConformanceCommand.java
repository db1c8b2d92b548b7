package io.fairlead.agent.cli;

import io.fairlead.agent.config.ConfigurationException;
import io.fairlead.agent.conformance.Conformance;
import io.fairlead.agent.conformance.Finding;
import io.fairlead.agent.conformance.Report;
import io.fairlead.agent.conformance.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code fairlead cni-conformance}: flags, progress, report and exit status. */
final class ConformanceCommand implements Command {

  static final String NAME = "cni-conformance";
  static final String AGENT = "--agent";
  static final String NO_AGENT = "--no-agent";
  static final String ONLY = "--only";

  /** Nothing could be tried. */
  private static final int UNUSABLE = 2;

  private static final String OWN_PLUGIN = "fairlead";

  @Override
  public CommandSpec describe() {
    CommandSpec spec =
        CommandLineTree.command(
            NAME, "Try out a CNI plugin as a container runtime does, obligation by obligation.");
    spec.addOption(OutputFormat.option());
    spec.addPositional(
        PositionalParamSpec.builder()
            .paramLabel("BINARY")
            .type(String.class)
            .arity("1")
            .index("0")
            .description("the plugin, for example /opt/cni/bin/bridge")
            .build());
    spec.addOption(
        OptionSpec.builder(CommandLineTree.CONFIG)
            .paramLabel("FILE")
            .type(String.class)
            .description(
                "network configuration that uses it, .conf or .conflist; for fairlead and bridge"
                    + " one is made")
            .build());
    spec.addOption(
        OptionSpec.builder(AGENT)
            .type(boolean.class)
            .description("start an agent of fairlead for it (default for a plugin named fairlead)")
            .build());
    spec.addOption(
        OptionSpec.builder(NO_AGENT)
            .type(boolean.class)
            .description("start none, even so")
            .build());
    spec.addOption(
        OptionSpec.builder(ONLY)
            .paramLabel("ID[,ID]")
            .type(String.class)
            .description("try these only, for example gc,add.twice")
            .build());
    spec.usageMessage()
        .footer(
            "%nExample:%n  fairlead cni-conformance /opt/cni/bin/fairlead%n"
                + "  fairlead cni-conformance /usr/lib/cni/bridge -o json%n"
                + "%nNeeds root. Works in network namespaces that it makes itself; files are"
                + " written where%nthe network configuration has the plugin write them.")
        .exitCodeList(
            Map.of(
                "0", "no obligation failed",
                "1", "some failed",
                "2", "the plugin could not be tried, or the command line is wrong"));
    return spec;
  }

  @Override
  public int misused() {
    return UNUSABLE;
  }

  @Override
  public int run(ParseResult parsed, Terminal terminal) {
    OutputFormat format;
    try {
      format = OutputFormat.of(parsed);
    } catch (ConfigurationException e) {
      e.problems().forEach(terminal::error);
      return UNUSABLE;
    }
    Path binary = Path.of(parsed.matchedPositionalValue(0, ""));
    String config = CommandLineTree.value(parsed, CommandLineTree.CONFIG);
    boolean own = OWN_PLUGIN.equals(String.valueOf(binary.getFileName()));
    boolean agent = parsed.hasMatchedOption(AGENT) || (own && !parsed.hasMatchedOption(NO_AGENT));
    List<String> only = only(CommandLineTree.value(parsed, ONLY));
    String unknown = unknown(only);
    if (unknown != null) {
      terminal.error("There is no obligation \"" + unknown + "\". -o json lists them all");
      return UNUSABLE;
    }
    try {
      Path network = config == null ? null : Path.of(config);
      Subject subject = new Subject(binary, network, agent ? launcher() : List.of());
      Report report =
          Conformance.run(subject, only, new Progress(terminal, format.isForMachines()));
      terminal
          .out()
          .print(
              format.isForMachines()
                  ? ConformanceText.of(report, format)
                  : ConformanceText.summary(report));
      terminal.out().flush();
      return report.isConformant() ? Main.OK : Main.FAILED;
    } catch (IOException e) {
      terminal.error(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      terminal.error("Interrupted before all obligations were tried");
    }
    return UNUSABLE;
  }

  private static List<String> only(@Nullable String list) {
    return list == null ? List.of() : Arrays.asList(list.split(",", -1));
  }

  private static @Nullable String unknown(List<String> only) {
    for (String wanted : only) {
      if (Conformance.ids().stream()
          .noneMatch(id -> id.equals(wanted) || id.startsWith(wanted + "."))) {
        return wanted;
      }
    }
    return null;
  }

  /**
   * How this process was started, without what follows the main class.
   *
   * @throws IOException if /proc cannot be read; ProcessHandle knows short command lines only
   */
  static List<String> launcher() throws IOException {
    String line = Files.readString(Path.of("/proc/self/cmdline"));
    List<String> command = new ArrayList<>();
    for (String argument : line.split("\0", -1)) {
      command.add(argument);
      if (argument.equals(Main.class.getName())) {
        break;
      }
    }
    // The kernel's name for the program, since the first word may be relative.
    command.set(0, Path.of("/proc/self/exe").toRealPath().toString());
    return command;
  }

  /** What is being tried, and what was found so far. */
  private record Progress(Terminal terminal, boolean quiet) implements Conformance.Listener {

    @Override
    public void begins(String id, int number, int total) {
      if (terminal.colouredErr()) {
        // Overwritten by what comes next.
        terminal.err().print("\r\u001b[K" + number + "/" + total + " " + id);
        terminal.err().flush();
      }
    }

    @Override
    public void found(Finding finding) {
      if (terminal.colouredErr()) {
        terminal.err().print("\r\u001b[K");
        terminal.err().flush();
      }
      if (!quiet) {
        terminal.out().print(ConformanceText.of(finding, terminal.colouredOut()));
        terminal.out().flush();
      }
    }
  }
}
