package io.fairlead.agent.cli;

import io.fairlead.agent.config.ConfigurationKey;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * The commands and their flags. Built from {@link ConfigurationKey}, so that every key of the
 * configuration file is a flag, and without reflection, so that it is ready at once.
 */
final class CommandLineTree {

  static final String CONFIG = "--config";
  static final String OUTPUT = "--output";

  private CommandLineTree() {}

  static CommandSpec root() {
    CommandSpec root =
        command("fairlead", "Pods, Services and policies of a Kubernetes node, in the kernel.");
    CommandSpec agent = command("agent", "Run the agent of this node.");
    CommandSpec cleanup =
        command("cleanup", "Remove everything that agents left in the kernel of this node.");
    for (ConfigurationKey key : ConfigurationKey.values()) {
      agent.addOption(flag(key));
      cleanup.addOption(flag(key));
    }
    CommandSpec status = command("status", "Show how the agent of this node is doing.");
    status.addOption(flag(ConfigurationKey.ADMIN_SOCKET));
    status.addOption(output());
    status
        .usageMessage()
        .exitCodeListHeading("Exit codes:%n")
        .exitCodeList(Map.of("0", "healthy", "1", "degraded", "2", "the agent cannot be reached"));
    for (CommandSpec command : new CommandSpec[] {agent, cleanup, status}) {
      command.addOption(config());
    }
    CommandSpec conformance =
        command(
            ConformanceCommand.NAME,
            "Try out a CNI plugin as a container runtime does, obligation by obligation.");
    ConformanceCommand.describe(conformance);
    conformance.addOption(output());
    root.addSubcommand("agent", agent);
    root.addSubcommand("status", status);
    root.addSubcommand(GetCommand.NAME, GetCommand.describe());
    root.addSubcommand("cleanup", cleanup);
    root.addSubcommand(ConformanceCommand.NAME, conformance);
    root.addSubcommand("version", command("version", "Print the version."));
    return root;
  }

  static CommandSpec command(String name, String description) {
    CommandSpec spec = CommandSpec.create().name(name).mixinStandardHelpOptions(false);
    spec.usageMessage().description(description).sortOptions(false);
    spec.addOption(
        OptionSpec.builder("-h", "--help").usageHelp(true).description("Show this help.").build());
    return spec;
  }

  private static OptionSpec output() {
    return OptionSpec.builder("-o", OUTPUT)
        .paramLabel("FORMAT")
        .type(String.class)
        .defaultValue("text")
        .description("text or json")
        .build();
  }

  static OptionSpec config() {
    return OptionSpec.builder(CONFIG)
        .paramLabel("FILE")
        .type(String.class)
        .description("YAML file with these flags as keys, without dashes; flags win over it")
        .build();
  }

  static OptionSpec flag(ConfigurationKey key) {
    String shown = key.defaultValue().isEmpty() ? "" : " (default " + key.defaultValue() + ")";
    return OptionSpec.builder(key.flag())
        .paramLabel(key.label())
        .type(String.class)
        .description(key.help() + shown)
        .build();
  }

  /** The flags given, of those that are configuration keys. */
  static Map<ConfigurationKey, String> flags(ParseResult parsed) {
    Map<ConfigurationKey, String> flags = new EnumMap<>(ConfigurationKey.class);
    for (ConfigurationKey key : ConfigurationKey.values()) {
      String value = value(parsed, key.flag());
      if (value != null) {
        flags.put(key, value);
      }
    }
    return flags;
  }

  static @Nullable String value(ParseResult parsed, String flag) {
    return parsed.commandSpec().findOption(flag) == null
        ? null
        : parsed.matchedOptionValue(flag, (String) null);
  }
}
