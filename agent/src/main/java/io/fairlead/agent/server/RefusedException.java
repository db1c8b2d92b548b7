package io.fairlead.agent.server;

/** A request that cannot be answered as it is; the message is a sentence with the mend. */
public final class RefusedException extends Exception {

  private static final long serialVersionUID = 1;

  public RefusedException(String sentence) {
    super(sentence);
  }
}
