package io.fairlead.bench.lab;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Hands connections to an address of a lab's namespace over to a server elsewhere, so that agents
 * reach one that the namespace has no way to. What is said passes as it is, TLS too. Thread-safe.
 */
public final class TcpRelay implements AutoCloseable {

  private static final int BACKLOG = 50;
  private static final int CONNECT_LIMIT_MILLIS = 1000;

  private final ServerSocket listener;
  private final Server server;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicLong firstUse = new AtomicLong();

  /** Guarded by this object. */
  private boolean held;

  private TcpRelay(ServerSocket listener, Server server) {
    this.listener = listener;
    this.server = server;
  }

  /** A way to the server. */
  @FunctionalInterface
  public interface Server {
    /** A new connection, which the caller closes. */
    Socket connect() throws IOException, InterruptedException;

    /** One that the calling thread's network namespace reaches: that of this JVM. */
    static Server at(InetSocketAddress address) {
      return () -> {
        Socket socket = new Socket();
        try {
          socket.connect(address, CONNECT_LIMIT_MILLIS);
          return socket;
        } catch (IOException e) {
          socket.close();
          throw e;
        }
      };
    }
  }

  /** From a port of the namespace's loopback to one of this JVM's. */
  public static TcpRelay start(LabNamespace namespace, int port, int target)
      throws IOException, InterruptedException {
    InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
    return start(
        namespace,
        new InetSocketAddress(loopback, port),
        Server.at(new InetSocketAddress(loopback, target)));
  }

  /**
   * Listens; when this returns, clients can connect.
   *
   * @param at an address that the namespace has
   */
  public static TcpRelay start(LabNamespace namespace, InetSocketAddress at, Server server)
      throws IOException, InterruptedException {
    ServerSocket listener =
        namespace.call(() -> new ServerSocket(at.getPort(), BACKLOG, at.getAddress()));
    TcpRelay relay = new TcpRelay(listener, server);
    Thread.ofPlatform().daemon().name(namespace.name() + "-relay").start(relay::accept);
    return relay;
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        firstUse.compareAndSet(0, System.nanoTime());
        join(client);
      }
    } catch (IOException _) {
      // Closed.
    }
  }

  /** When the first client came, by System.nanoTime; 0 if none did. */
  public long firstUse() {
    return firstUse.get();
  }

  /**
   * While held, nothing that anybody sends is passed on, and nobody is told: as if packets were
   * lost. Connections are accepted.
   */
  public synchronized void hold(boolean value) {
    held = value;
    notifyAll();
  }

  private synchronized void awaitFlow() {
    while (held) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** Resets every connection that is open now; new ones are accepted. */
  public void reset() {
    for (Socket socket : sockets) {
      try {
        socket.setSoLinger(true, 0);
      } catch (IOException _) {
        // It ended by itself.
      }
      close(socket);
    }
  }

  private void join(Socket client) {
    sockets.add(client);
    Socket upstream;
    try {
      upstream = server.connect();
      client.setTcpNoDelay(true);
      upstream.setTcpNoDelay(true);
    } catch (IOException _) {
      // The server is down, which the client shall notice.
      end(client);
      return;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      end(client);
      return;
    }
    sockets.add(upstream);
    Thread.ofVirtual().start(() -> copy(client, upstream));
    Thread.ofVirtual().start(() -> copy(upstream, client));
  }

  private void copy(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      byte[] some = new byte[16 << 10];
      for (int count = in.read(some); count >= 0; count = in.read(some)) {
        awaitFlow();
        to.getOutputStream().write(some, 0, count);
      }
    } catch (IOException _) {
      // One side is gone, so the other one goes as well.
    } finally {
      end(from, to);
    }
  }

  private void end(Socket... ended) {
    for (Socket socket : ended) {
      sockets.remove(socket);
      close(socket);
    }
  }

  private static void close(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception e) {
      throw new IllegalStateException("closing a socket failed", e);
    }
  }

  @Override
  public void close() {
    close(listener);
    hold(false);
    sockets.forEach(TcpRelay::close);
  }
}
