package io.fairlead.agent.cli;

import io.fairlead.agent.Version;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code fairlead version}. */
final class VersionCommand implements Command {

  @Override
  public CommandSpec describe() {
    return CommandLineTree.command("version", "Print the version.");
  }

  @Override
  public int run(ParseResult parsed, Terminal terminal) {
    terminal.out().println("fairlead " + Version.current());
    return Main.OK;
  }
}
