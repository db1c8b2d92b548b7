package io.fairlead.bench.api;

import java.io.IOException;
import java.net.URI;

/** A request that waits for its answer. It is answered once, from one thread. */
interface ApiCall {

  String method();

  URI uri();

  /** A header's value, or the empty string. */
  String header(String name);

  byte[] body();

  /** Answers with one document. */
  void reply(int status, String contentType, byte[] content) throws IOException;

  /** Answers with a stream of events, over a WebSocket if the client asked for one. */
  Events events() throws IOException;

  /** The answer of a watch. */
  interface Events {

    /** Sends one event and returns when it has left this process. */
    void send(byte[] json) throws IOException;

    /** Whether the client is still there. */
    boolean isOpen();

    /** Ends the stream as a server does whose time is over. */
    void finish() throws IOException;

    /** Breaks the connection off. */
    void cut();
  }
}
