package io.fairlead.agent.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fairlead.agent.server.Json;
import java.util.function.Function;

/** Prints what an agent tells line by line, until it ends or this process is told to (Ctrl-C). */
final class Followed {

  private Followed() {}

  /**
   * Follows.
   *
   * @param text what is printed of a line for people, with its line feed
   * @return the exit status
   */
  static <T> int run(
      AdminQuery query,
      String path,
      Class<T> type,
      OutputFormat format,
      Terminal terminal,
      Function<T, String> text) {
    try {
      return query.follow(
          path,
          line -> {
            terminal.out().print(print(line, type, format, text));
            if (terminal.out().checkError()) {
              throw new ReaderGone();
            }
          });
    } catch (ReaderGone e) {
      return Main.OK;
    }
  }

  /** Nobody reads what is printed any more, as behind {@code | head}. */
  private static final class ReaderGone extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private static <T> String print(
      String line, Class<T> type, OutputFormat format, Function<T, String> text) {
    try {
      T report = Json.parse(line, type);
      return format.isForMachines() ? format.renderOne(report) : text.apply(report);
    } catch (JsonProcessingException e) {
      return line + "\n"; // Of another version: better than nothing.
    }
  }
}
