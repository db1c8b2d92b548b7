package io.fairlead.agent.server;

import org.jspecify.annotations.Nullable;

/** A socket that cannot be listened on; the message is a sentence with the mend. */
public final class ServerException extends Exception {

  private static final long serialVersionUID = 1;

  public ServerException(String sentence, @Nullable Throwable cause) {
    super(sentence, cause);
  }
}
