package io.fairlead.agent.cli;

import io.fairlead.agent.AgentException;
import io.fairlead.agent.Cleanup;
import io.fairlead.agent.Parts;
import io.fairlead.agent.SubsystemFactory;
import io.fairlead.agent.config.ConfigurationException;
import io.fairlead.agent.config.NearestMatch;
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
    Commands commands = Commands.of(subsystems, cleanup);
    CommandLine commandLine = new CommandLine(commands.root());
    try {
      ParseResult parsed = commandLine.parseArgs(arguments);
      ParseResult command = parsed.hasSubcommand() ? parsed.subcommand() : parsed;
      ParseResult asked = command.hasSubcommand() ? command.subcommand() : command;
      boolean help = asked.isUsageHelpRequested() || command.isUsageHelpRequested();
      if (help || !asked.commandSpec().subcommands().isEmpty()) {
        asked
            .commandSpec()
            .commandLine()
            .usage(terminal.out(), terminal.colouredOut() ? Ansi.ON : Ansi.OFF);
        return help ? OK : FAILED;
      }
      return commands.get(command.commandSpec().name()).run(command, terminal);
    } catch (ParameterException e) {
      terminal.error(sentence(e));
      CommandSpec spec = e.getCommandLine().getCommandSpec();
      terminal.error("`" + spec.qualifiedName() + " --help` lists the flags");
      return commands.misused(spec);
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
}
