package io.fairlead.bench.lab;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Hands connections to the loopback of a lab's namespace over to a port on the loopback of this
 * JVM, so that agents reach a server of the test.
 */
final class TcpRelay implements AutoCloseable {

  private final ServerSocket listener;
  private final int target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  private TcpRelay(ServerSocket listener, int target) {
    this.listener = listener;
    this.target = target;
  }

  static TcpRelay start(LabNamespace namespace, int port, int target)
      throws IOException, InterruptedException {
    ServerSocket listener =
        namespace.call(() -> new ServerSocket(port, 50, InetAddress.ofLiteral("127.0.0.1")));
    TcpRelay relay = new TcpRelay(listener, target);
    Thread.ofPlatform().daemon().name(namespace.name() + "-relay").start(relay::accept);
    return relay;
  }

  private void accept() {
    try {
      while (true) {
        join(listener.accept());
      }
    } catch (IOException _) {
      // Closed.
    }
  }

  private void join(Socket client) {
    Socket server = new Socket();
    sockets.add(client);
    sockets.add(server);
    try {
      server.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), target), 1000);
    } catch (IOException _) {
      // The server is down, which the client shall notice.
      end(client, server);
      return;
    }
    Thread.ofVirtual().start(() -> copy(client, server));
    Thread.ofVirtual().start(() -> copy(server, client));
  }

  private void copy(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      byte[] some = new byte[16 << 10];
      for (int count = in.read(some); count >= 0; count = in.read(some)) {
        to.getOutputStream().write(some, 0, count);
      }
    } catch (IOException _) {
      // One side is gone, so the other one goes as well.
    } finally {
      end(from, to);
    }
  }

  private void end(Socket one, Socket two) {
    for (Socket socket : new Socket[] {one, two}) {
      sockets.remove(socket);
      close(socket);
    }
  }

  private static void close(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    close(listener);
    sockets.forEach(TcpRelay::close);
  }
}
