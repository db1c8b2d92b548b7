package io.fairlead.bench.measure;

import io.fairlead.bench.lab.LabNamespace;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Says one letter to everyone who connects, and nothing else: an endpoint that costs little. */
public final class LetterServer implements AutoCloseable {

  private static final int BACKLOG = 4096;

  private final ServerSocket listener;
  private final char letter;

  private LetterServer(ServerSocket listener, char letter) {
    this.listener = listener;
    this.letter = letter;
  }

  /** Listens in {@code namespace}; when this returns, clients can connect. */
  public static LetterServer start(LabNamespace namespace, int port, char letter)
      throws IOException, InterruptedException {
    ServerSocket listener =
        namespace.call(() -> {
          ServerSocket made = new ServerSocket();
          made.bind(new InetSocketAddress(port), BACKLOG);
          return made;
        });
    LetterServer server = new LetterServer(listener, letter);
    Thread.ofPlatform().daemon().name("letter-" + letter).start(server::answer);
    return server;
  }

  private void answer() {
    while (!listener.isClosed()) {
      try (Socket connection = listener.accept()) {
        connection.getOutputStream().write(letter);
      } catch (IOException _) {
        // That client went, or this server is closed, which ends the loop.
      }
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new IllegalStateException("closing a socket failed", e);
    }
  }
}
