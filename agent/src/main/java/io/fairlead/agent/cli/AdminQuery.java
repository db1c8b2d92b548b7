package io.fairlead.agent.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fairlead.agent.config.ConfigurationException;
import io.fairlead.agent.config.ConfigurationKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * A question to the agent of this node, over its admin socket. What keeps it from being answered is
 * told on the terminal, and {@link #failure} is the exit status that follows.
 */
final class AdminQuery {

  private final Terminal terminal;
  private final Path socket;
  private final String command;
  private int failure = Main.UNREACHABLE;

  private AdminQuery(Terminal terminal, Path socket, String command) {
    this.terminal = terminal;
    this.socket = socket;
    this.command = command;
  }

  /** Adds the flags that tell where the agent is. */
  static void describe(CommandSpec spec) {
    spec.addOption(CommandLineTree.flag(ConfigurationKey.ADMIN_SOCKET));
    spec.addOption(CommandLineTree.config());
  }

  /**
   * A question on behalf of a command.
   *
   * @throws ConfigurationException if flags or file are wrong
   */
  static AdminQuery of(ParseResult parsed, Terminal terminal) throws ConfigurationException {
    String words = parsed.commandSpec().qualifiedName().replaceFirst("^fairlead ", "");
    return new AdminQuery(terminal, Configured.reader(parsed).read().adminSocket(), words);
  }

  /** How an answer becomes a report. */
  interface Reader<T> {
    T read(String body) throws JsonProcessingException;
  }

  /** Asks; null if there is no answer, which has been told then. */
  <T> @Nullable T get(String path, Reader<T> reader) {
    return ask("GET", path, "", false, reader);
  }

  /** Asks for what takes the agent some time to find; null if there is no answer. */
  <T> @Nullable T getPatiently(String path, Reader<T> reader) {
    return ask("GET", path, "", true, reader);
  }

  /** Asks with a body, or to change something; null if there is no answer. */
  <T> @Nullable T post(String path, String body, Reader<T> reader) {
    return ask("POST", path, body, true, reader);
  }

  private <T> @Nullable T ask(
      String method, String path, String body, boolean patient, Reader<T> reader) {
    try {
      AdminClient.Answer answer = AdminClient.ask(socket, method, path, body, patient);
      if (answer.status() == 200) {
        return reader.read(answer.body());
      }
      refused(answer);
    } catch (JsonProcessingException e) {
      otherVersion();
    } catch (IOException e) {
      terminal.error(AdminClient.unreachable(socket, e, command));
    }
    return null;
  }

  /**
   * Listens until the agent ends, or this process is told to.
   *
   * @param sink takes each line
   * @return the exit status
   */
  int follow(String path, Consumer<String> sink) {
    try {
      AdminClient.Answer answer = AdminClient.follow(socket, path, sink);
      if (answer.status() == 200) {
        terminal.error("The agent at " + socket + " has ended, or closed the connection");
      } else {
        refused(answer);
        return failure;
      }
    } catch (IOException e) {
      terminal.error(AdminClient.unreachable(socket, e, command));
    }
    return Main.UNREACHABLE;
  }

  private void refused(AdminClient.Answer answer) {
    String sentence = answer.body().strip();
    switch (answer.status()) {
      case 400 -> {
        terminal.error(sentence);
        failure = Main.FAILED;
      }
      case 404 -> otherVersion();
      default -> {
        terminal.error("The agent at " + socket + " answered: " + sentence);
        failure = answer.status() == 503 ? Main.FAILED : Main.UNREACHABLE;
      }
    }
  }

  private void otherVersion() {
    terminal.error(
        "The agent at " + socket + " is of another version. Use that version's `fairlead`");
  }

  /** The exit status after a question without an answer. */
  int failure() {
    return failure;
  }
}
