package io.fairlead.agent.cli;

import io.fairlead.agent.config.ConfigurationException;
import io.fairlead.agent.config.ConfigurationKey;
import io.fairlead.agent.config.ConfigurationReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParseResult;

/** The configuration that flags, the environment and a file make together. */
final class Configured {

  private static final String ADMIN_SOCKET = "FAIRLEAD_ADMIN_SOCKET";

  private Configured() {}

  /**
   * Reads it when asked to.
   *
   * @throws ConfigurationException if --config is not a path
   */
  static ConfigurationReader reader(ParseResult parsed) throws ConfigurationException {
    String config = CommandLineTree.value(parsed, CommandLineTree.CONFIG);
    return new ConfigurationReader(path(config), flags(parsed), System::getenv, hostName());
  }

  /** An engineer's shell may say once which agent is asked; an agent is told by flag or file. */
  private static Map<ConfigurationKey, String> flags(ParseResult parsed) {
    Map<ConfigurationKey, String> flags = CommandLineTree.flags(parsed);
    String socket = System.getenv(ADMIN_SOCKET);
    if (socket != null && !socket.isBlank() && !parsed.commandSpec().name().equals("agent")) {
      flags.putIfAbsent(ConfigurationKey.ADMIN_SOCKET, socket);
    }
    return flags;
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
