package io.fairlead.agent.server;

/** Something that goes on for as long as somebody listens. */
@FunctionalInterface
public interface Feed {

  /**
   * Begins to tell {@code sink}. Called on the event loop, so it must be quick; what was begun is
   * ended by closing what this returns, once, on the event loop, too.
   *
   * @throws RefusedException if the request cannot be understood
   */
  AutoCloseable open(Request request, LineSink sink) throws RefusedException;

  /** Takes lines for a client. Thread-safe. */
  @FunctionalInterface
  interface LineSink {

    /**
     * Sends one line, and never blocks.
     *
     * @param json without a line feed
     * @return false if the line was dropped, since the client reads too slowly or is gone
     */
    boolean line(String json);
  }
}
