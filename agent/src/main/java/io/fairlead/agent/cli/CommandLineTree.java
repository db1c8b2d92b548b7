package io.fairlead.agent.cli;

import io.fairlead.agent.config.ConfigurationKey;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * Commands and flags. Built from {@link ConfigurationKey}, so that every key of the configuration
 * file is a flag, and without reflection, so that it is ready at once.
 */
final class CommandLineTree {

  static final String CONFIG = "--config";
  static final String OUTPUT = "--output";

  private CommandLineTree() {}

  static CommandSpec command(String name, String description) {
    CommandSpec spec = CommandSpec.create().name(name).mixinStandardHelpOptions(false);
    spec.usageMessage().description(description).sortOptions(false);
    spec.addOption(
        OptionSpec.builder("-h", "--help").usageHelp(true).description("Show this help.").build());
    return spec;
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
