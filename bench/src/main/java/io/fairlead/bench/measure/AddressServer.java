package io.fairlead.bench.measure;

import io.fairlead.bench.lab.LabNamespace;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * Tells everyone who connects at which address it was reached, and nothing else: all endpoints of a
 * cluster in one namespace, at little cost. The answer is the address, in network byte order.
 */
public final class AddressServer implements AutoCloseable {

  private static final int BACKLOG = 4096;

  private final ServerSocket listener;

  private AddressServer(ServerSocket listener) {
    this.listener = listener;
  }

  /** Listens at all addresses of {@code namespace}; when this returns, clients can connect. */
  public static AddressServer start(LabNamespace namespace, int port)
      throws IOException, InterruptedException {
    ServerSocket listener =
        namespace.call(() -> {
          ServerSocket made = new ServerSocket();
          made.bind(new InetSocketAddress(port), BACKLOG);
          return made;
        });
    AddressServer server = new AddressServer(listener);
    Thread.ofPlatform().daemon().name("endpoints").start(server::answer);
    return server;
  }

  private void answer() {
    while (!listener.isClosed()) {
      try (Socket connection = listener.accept()) {
        connection.getOutputStream().write(connection.getLocalAddress().getAddress());
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
