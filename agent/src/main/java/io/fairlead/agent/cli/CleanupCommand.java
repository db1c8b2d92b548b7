package io.fairlead.agent.cli;

import io.fairlead.agent.AgentException;
import io.fairlead.agent.Cleanup;
import io.fairlead.agent.config.ConfigurationException;
import io.fairlead.agent.config.ConfigurationKey;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code fairlead cleanup}: what agents left in the kernel goes. Works without an agent. */
record CleanupCommand(Cleanup cleanup) implements Command {

  @Override
  public CommandSpec describe() {
    CommandSpec spec =
        CommandLineTree.command(
            "cleanup", "Remove everything that agents left in the kernel of this node.");
    for (ConfigurationKey key : ConfigurationKey.values()) {
      spec.addOption(CommandLineTree.flag(key));
    }
    spec.addOption(CommandLineTree.config());
    return spec;
  }

  @Override
  public int run(ParseResult parsed, Terminal terminal)
      throws ConfigurationException, AgentException {
    for (String line : cleanup.remove(Configured.reader(parsed).read())) {
      terminal.out().println(line);
    }
    return Main.OK;
  }
}
