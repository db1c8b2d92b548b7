package io.fairlead.agent.probe;

import java.io.IOException;

/** Nothing was sent: a sentence says why, and what to do. */
public final class ProbeException extends IOException {

  private static final long serialVersionUID = 1;

  ProbeException(String sentence) {
    super(sentence);
  }

  ProbeException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
