package io.fairlead.agent.config;

import com.fasterxml.jackson.core.JsonProcessingException;

/** Shortens what a YAML parser says to one line. */
public final class YamlMessage {

  private YamlMessage() {}

  /** The last line that says what is wrong, without the excerpt and the place that surround it. */
  public static String of(JsonProcessingException exception) {
    String best = "";
    for (String line : exception.getOriginalMessage().lines().toList()) {
      String stripped = line.strip();
      if (!stripped.isEmpty()
          && !line.startsWith(" ")
          && !stripped.startsWith("in ")
          && !stripped.startsWith("at ")) {
        best = stripped;
      }
    }
    return best;
  }
}
