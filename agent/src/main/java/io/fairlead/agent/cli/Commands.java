package io.fairlead.agent.cli;

import io.fairlead.agent.Cleanup;
import io.fairlead.agent.SubsystemFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The commands, in the order in which the help lists them. */
final class Commands {

  private final Map<String, Command> byName = new LinkedHashMap<>();
  private final CommandSpec root =
      CommandLineTree.command(
          "fairlead", "Pods, Services and policies of a Kubernetes node, in the kernel.");

  private Commands(List<Command> commands) {
    for (Command command : commands) {
      CommandSpec spec = command.describe();
      order(spec);
      byName.put(spec.name(), command);
      root.addSubcommand(spec.name(), spec);
    }
  }

  static Commands of(SubsystemFactory subsystems, Cleanup cleanup) {
    return new Commands(
        List.of(
            new AgentCommand(subsystems),
            new StatusCommand(),
            new GetCommand(),
            new WhyCommand(),
            new VerifyCommand(),
            new ChangesCommand(),
            new FlowsCommand(),
            new SimulateCommand(),
            new MonitorCommand(),
            new PreflightCommand(),
            new BundleCommand(),
            InstallCommand.ofDistribution(),
            new CleanupCommand(cleanup),
            new ConformanceCommand(),
            new CompletionCommand(),
            new ManCommand(),
            new VersionCommand()));
  }

  /** Exit codes are told in their order, whoever listed them. */
  private static void order(CommandSpec spec) {
    UsageMessageSpec usage = spec.usageMessage();
    if (!usage.exitCodeList().isEmpty()) {
      usage
          .exitCodeListHeading("%nExit codes:%n")
          .exitCodeList(new TreeMap<>(usage.exitCodeList()));
    }
    spec.subcommands().values().forEach(each -> order(each.getCommandSpec()));
  }

  /** The tree of commands with their flags. */
  CommandSpec root() {
    return root;
  }

  /** The command of this name, which exists. */
  Command get(String name) {
    return Objects.requireNonNull(byName.get(name), name);
  }

  /** The exit status if the command line that was meant for {@code spec} is wrong. */
  int misused(CommandSpec spec) {
    String[] words = spec.qualifiedName().split(" ", -1);
    Command command = words.length < 2 ? null : byName.get(words[1]);
    return command == null ? Main.FAILED : command.misused();
  }
}
