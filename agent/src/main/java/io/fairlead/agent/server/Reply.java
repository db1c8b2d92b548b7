package io.fairlead.agent.server;

import java.util.Map;

/**
 * An answer to an HTTP request.
 *
 * @param body sent as UTF-8
 * @param headers besides those of every answer
 */
public record Reply(int status, String contentType, String body, Map<String, String> headers) {

  public Reply {
    headers = Map.copyOf(headers);
  }

  public Reply(int status, String contentType, String body) {
    this(status, contentType, body, Map.of());
  }

  /** A sentence as plain text. */
  public static Reply text(int status, String sentence) {
    return new Reply(status, "text/plain; charset=utf-8", sentence + "\n");
  }
}
