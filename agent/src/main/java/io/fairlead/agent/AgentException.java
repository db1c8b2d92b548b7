package io.fairlead.agent;

import org.jspecify.annotations.Nullable;

/** The agent cannot start; the message is a sentence with the mend. */
public final class AgentException extends Exception {

  private static final long serialVersionUID = 1;

  public AgentException(String sentence, @Nullable Throwable cause) {
    super(sentence, cause);
  }
}
