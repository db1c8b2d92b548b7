package io.fairlead.agent.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fairlead.agent.Agent;
import io.fairlead.agent.AgentException;
import io.fairlead.agent.Cleanup;
import io.fairlead.agent.Parts;
import io.fairlead.agent.SubsystemFactory;
import io.fairlead.agent.Version;
import io.fairlead.agent.config.AgentConfiguration;
import io.fairlead.agent.config.ConfigurationException;
import io.fairlead.agent.config.ConfigurationReader;
import io.fairlead.agent.config.NearestMatch;
import io.fairlead.agent.log.LogSetup;
import io.fairlead.agent.server.StatusReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code fairlead} command. Errors are sentences on stderr, with exit status 1. */
public final class Main {

  static final int OK = 0;
  static final int FAILED = 1;
  static final int UNREACHABLE = 2;

  private final Terminal terminal;
  private final SubsystemFactory subsystems;
  private final Cleanup cleanup;

  Main(Terminal terminal, SubsystemFactory subsystems, Cleanup cleanup) {
    this.terminal = terminal;
    this.subsystems = subsystems;
    this.cleanup = cleanup;
  }

  public static void main(String[] arguments) {
    int status = new Main(Terminal.standard(), Parts.subsystems(), Parts.cleanup()).run(arguments);
    System.exit(status);
  }

  /** Runs a command to its end and returns the exit status. */
  int run(String... arguments) {
    CommandLine commandLine = new CommandLine(CommandLineTree.root());
    try {
      ParseResult parsed = commandLine.parseArgs(arguments);
      ParseResult command = parsed.hasSubcommand() ? parsed.subcommand() : parsed;
      ParseResult asked = command.hasSubcommand() ? command.subcommand() : command;
      boolean incomplete = !asked.commandSpec().subcommands().isEmpty();
      if (asked.isUsageHelpRequested() || command.isUsageHelpRequested() || incomplete) {
        asked
            .commandSpec()
            .commandLine()
            .usage(terminal.out(), terminal.colouredOut() ? Ansi.ON : Ansi.OFF);
        return asked.isUsageHelpRequested() || command.isUsageHelpRequested() ? OK : FAILED;
      }
      if (command.hasSubcommand()) {
        return get(command.subcommand());
      }
      return switch (command.commandSpec().name()) {
        case "agent" -> agent(command);
        case "status" -> status(command);
        case "cleanup" -> cleanup(command);
        case ConformanceCommand.NAME -> ConformanceCommand.run(command, terminal);
        default -> version();
      };
    } catch (ParameterException e) {
      terminal.error(sentence(e));
      CommandSpec spec = e.getCommandLine().getCommandSpec();
      terminal.error("`" + spec.qualifiedName() + " --help` lists the flags");
      return spec.name().equals(ConformanceCommand.NAME) ? UNREACHABLE : FAILED;
    } catch (ConfigurationException e) {
      e.problems().forEach(terminal::error);
      return FAILED;
    } catch (AgentException e) {
      String.valueOf(e.getMessage()).lines().forEach(terminal::error);
      return FAILED;
    }
  }

  private static String sentence(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched) {
      String word = unmatched.getUnmatched().getFirst();
      int equals = word.indexOf('=');
      CommandSpec spec = e.getCommandLine().getCommandSpec();
      String nearest =
          NearestMatch.of(
              equals < 0 ? word : word.substring(0, equals),
              word.startsWith("-") ? spec.optionsMap().keySet() : spec.subcommands().keySet());
      return "There is no \""
          + word
          + "\" here"
          + (nearest != null ? ". Did you mean " + nearest + "?" : "");
    }
    return String.valueOf(e.getMessage()).replace('\n', ' ');
  }

  private int version() {
    terminal.out().println("fairlead " + Version.current());
    return OK;
  }

  private int agent(ParseResult parsed) throws ConfigurationException, AgentException {
    ConfigurationReader reader = reader(parsed);
    AgentConfiguration configuration = reader.read();
    LogSetup.configure(configuration.logFormat(), configuration.logLevel(), terminal.colouredErr());
    Agent agent = Agent.start(configuration, reader, subsystems);
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(agent::close));
    try {
      // Until SIGTERM or SIGINT, upon which the hook stops the agent and the process ends.
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return OK;
  }

  private int cleanup(ParseResult parsed) throws ConfigurationException, AgentException {
    for (String line : cleanup.remove(reader(parsed).read())) {
      terminal.out().println(line);
    }
    return OK;
  }

  private int get(ParseResult parsed) throws ConfigurationException {
    return new GetCommand(terminal).run(parsed, reader(parsed).read().adminSocket());
  }

  private int status(ParseResult parsed) throws ConfigurationException {
    String output = CommandLineTree.value(parsed, CommandLineTree.OUTPUT);
    if (output != null && !output.equals("text") && !output.equals("json")) {
      terminal.error("--output cannot be \"" + output + "\". It is text or json");
      return FAILED;
    }
    Path socket = reader(parsed).read().adminSocket();
    try {
      AdminClient.Answer answer = AdminClient.get(socket, "/status");
      if (answer.status() != 200) {
        terminal.error("The agent at " + socket + " answered: " + answer.body().strip());
        return answer.status() == 503 ? FAILED : UNREACHABLE;
      }
      StatusReport report = StatusReport.parse(answer.body());
      terminal
          .out()
          .print(
              "json".equals(output)
                  ? answer.body() + "\n"
                  : StatusText.of(report, terminal.colouredOut()));
      terminal.out().flush();
      return report.problems().isEmpty() ? OK : FAILED;
    } catch (JsonProcessingException e) {
      terminal.error(
          "The agent at " + socket + " is of another version. Use that version's `fairlead`");
    } catch (IOException e) {
      terminal.error(AdminClient.unreachable(socket, e, "status"));
    }
    return UNREACHABLE;
  }

  private ConfigurationReader reader(ParseResult parsed) throws ConfigurationException {
    String config = CommandLineTree.value(parsed, CommandLineTree.CONFIG);
    return new ConfigurationReader(
        path(config), CommandLineTree.flags(parsed), System::getenv, hostName());
  }

  private static @Nullable Path path(@Nullable String word) throws ConfigurationException {
    try {
      return word == null ? null : Path.of(word).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw new ConfigurationException(
          List.of("--config \"" + word + "\" is not a path. Name a YAML file"));
    }
  }

  private static String hostName() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException e) {
      return "localhost";
    }
  }
}
