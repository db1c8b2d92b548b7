package io.fairlead.agent.cli;

import io.fairlead.agent.Agent;
import io.fairlead.agent.AgentException;
import io.fairlead.agent.SubsystemFactory;
import io.fairlead.agent.config.AgentConfiguration;
import io.fairlead.agent.config.ConfigurationException;
import io.fairlead.agent.config.ConfigurationKey;
import io.fairlead.agent.config.ConfigurationReader;
import io.fairlead.agent.log.LogSetup;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code fairlead agent}: runs until it is told to end. */
record AgentCommand(SubsystemFactory subsystems) implements Command {

  @Override
  public CommandSpec describe() {
    CommandSpec spec = CommandLineTree.command("agent", "Run the agent of this node.");
    for (ConfigurationKey key : ConfigurationKey.values()) {
      spec.addOption(CommandLineTree.flag(key));
    }
    spec.addOption(CommandLineTree.config());
    return spec;
  }

  @Override
  public int run(ParseResult parsed, Terminal terminal)
      throws ConfigurationException, AgentException {
    ConfigurationReader reader = Configured.reader(parsed);
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
    return Main.OK;
  }
}
