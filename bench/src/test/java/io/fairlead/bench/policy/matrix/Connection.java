package io.fairlead.bench.policy.matrix;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.testing.TestNamespace;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A TCP connection that stays open. */
final class Connection implements Closeable {

  private static final int PATIENCE_MILLIS = 5_000;

  private final Socket client;
  private final Socket server;

  private Connection(Socket client, Socket server) {
    this.client = client;
    this.server = server;
  }

  /** Connects; the listener must hear of nobody else. */
  static Connection open(TestNamespace from, IpAddress target, int port, ServerSocket listener)
      throws Exception {
    Socket client = from.call(Socket::new);
    try {
      // A socket of the JDK is only made when it is bound.
      from.call(() -> {
        client.bind(null);
        return client;
      });
      client.connect(
          new InetSocketAddress(InetAddress.getByAddress(target.bytes()), port), PATIENCE_MILLIS);
      client.setSoTimeout(PATIENCE_MILLIS);
      Socket server = listener.accept();
      server.setSoTimeout(PATIENCE_MILLIS);
      return new Connection(client, server);
    } catch (Exception e) {
      client.close();
      throw e;
    }
  }

  /** A byte from each end to the other. */
  void exchange() throws IOException {
    pass(client, server);
    pass(server, client);
  }

  private static void pass(Socket from, Socket to) throws IOException {
    from.getOutputStream().write(42);
    if (to.getInputStream().read() != 42) {
      throw new IOException("something else came");
    }
  }

  @Override
  public void close() throws IOException {
    client.close();
    server.close();
  }
}
