package io.fairlead.agent.source;

import org.jspecify.annotations.Nullable;

/** A source that cannot be used at all; the message is a sentence with the mend. */
public final class SourceException extends Exception {

  private static final long serialVersionUID = 1;

  public SourceException(String sentence, @Nullable Throwable cause) {
    super(sentence, cause);
  }
}
