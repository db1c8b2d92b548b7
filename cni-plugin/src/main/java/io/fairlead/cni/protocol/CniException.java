package io.fairlead.cni.protocol;

/** A failed CNI request: what the error object says. The message is a sentence for an operator. */
public final class CniException extends Exception {

  private final CniErrorCode code;
  private final String details;

  public CniException(CniErrorCode code, String message) {
    this(code, message, "");
  }

  /**
   * An error with more to say.
   *
   * @param details more than one sentence has room for; empty if there is no more to say
   */
  public CniException(CniErrorCode code, String message, String details) {
    super(message);
    this.code = code;
    this.details = details;
  }

  public CniException(CniErrorCode code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
    this.details = "";
  }

  public CniErrorCode code() {
    return code;
  }

  public String details() {
    return details;
  }

  /** The message, which Throwable allows to be null and this class does not. */
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
