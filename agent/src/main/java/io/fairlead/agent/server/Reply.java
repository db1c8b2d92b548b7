package io.fairlead.agent.server;

/**
 * An answer to an HTTP request.
 *
 * @param body sent as UTF-8
 */
public record Reply(int status, String contentType, String body) {

  /** A sentence as plain text. */
  public static Reply text(int status, String sentence) {
    return new Reply(status, "text/plain; charset=utf-8", sentence + "\n");
  }
}
