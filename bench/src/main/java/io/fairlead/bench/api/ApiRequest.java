package io.fairlead.bench.api;

/**
 * A request that was answered, or a watch that began.
 *
 * @param target path and query as they came
 * @param status the HTTP status
 * @param nanoTime of {@link System#nanoTime} when the answer began
 */
public record ApiRequest(String method, String target, int status, long nanoTime) {

  public boolean isWatch() {
    return target.matches(".*[?&]watch=(true|1)(&.*)?");
  }
}
