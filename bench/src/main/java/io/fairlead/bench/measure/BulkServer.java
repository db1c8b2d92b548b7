package io.fairlead.bench.measure;

import io.fairlead.bench.lab.LabNamespace;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * Reads what TCP connections bring, one after the other, and says one byte when all of it was
 * there.
 */
public final class BulkServer implements AutoCloseable {

  private static final int BUFFER = 256 << 10;

  private final ServerSocketChannel listener;

  private BulkServer(ServerSocketChannel listener) {
    this.listener = listener;
  }

  /** Listens in {@code namespace}; when this returns, clients can connect. */
  public static BulkServer start(LabNamespace namespace, int port)
      throws IOException, InterruptedException {
    ServerSocketChannel listener =
        namespace.call(() -> ServerSocketChannel.open().bind(new InetSocketAddress(port)));
    BulkServer server = new BulkServer(listener);
    Thread.ofPlatform().daemon().name("bulk").start(server::read);
    return server;
  }

  private void read() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    while (listener.isOpen()) {
      try (SocketChannel connection = listener.accept()) {
        while (connection.read(buffer.clear()) >= 0) {
          // There is more.
        }
        connection.write(buffer.clear().limit(1));
      } catch (IOException _) {
        // That client went, or this server is closed, which ends the loop.
      }
    }
  }

  /**
   * Sends from the calling thread's network namespace as fast as it goes.
   *
   * @param nanos for how long
   * @return bytes per second, until the server had all
   */
  public static double send(SocketAddress to, long nanos) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    try (SocketChannel connection = SocketChannel.open(to)) {
      long sent = 0;
      long begin = System.nanoTime();
      while (System.nanoTime() - begin < nanos) {
        sent += connection.write(buffer.clear());
      }
      connection.shutdownOutput();
      if (connection.read(buffer.clear()) < 1) {
        throw new EOFException(to + " did not say that it had everything");
      }
      return sent * 1e9 / (System.nanoTime() - begin);
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
