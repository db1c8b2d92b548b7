package io.fairlead.agent.cli;

import io.fairlead.agent.AgentException;
import io.fairlead.agent.config.ConfigurationException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** A command of {@code fairlead}. Errors are sentences on stderr. */
interface Command {

  /** Its name, flags, examples and exit codes. */
  CommandSpec describe();

  /**
   * Runs it.
   *
   * @param parsed of the command that {@link #describe} describes, which may have a subcommand
   * @return the exit status
   */
  int run(ParseResult parsed, Terminal terminal) throws ConfigurationException, AgentException;

  /** The exit status of a command line that cannot be understood. */
  default int misused() {
    return Main.FAILED;
  }
}
