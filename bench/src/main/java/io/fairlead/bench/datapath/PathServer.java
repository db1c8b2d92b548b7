package io.fairlead.bench.datapath;

import io.fairlead.bench.lab.LabNamespace;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * The far end of paths: serves TCP connections one after the other, and datagrams, on one port. The
 * first byte of a connection says what it is for: {@link #ECHO} or {@link #BULK}.
 */
final class PathServer implements AutoCloseable {

  /** Every byte comes back, this one included. */
  static final byte ECHO = 'e';

  /** One byte comes back when everything was there. */
  static final byte BULK = 'b';

  private static final int BACKLOG = 4096;
  private static final int BUFFER = 256 << 10;
  private static final int DATAGRAM = 64;

  private final ServerSocketChannel listener;
  private final DatagramSocket datagrams;

  private PathServer(ServerSocketChannel listener, DatagramSocket datagrams) {
    this.listener = listener;
    this.datagrams = datagrams;
  }

  /** Listens in {@code namespace}; when this returns, clients can connect. */
  static PathServer start(LabNamespace namespace, int port)
      throws IOException, InterruptedException {
    InetSocketAddress here = new InetSocketAddress(port);
    PathServer server =
        namespace.call(() ->
            new PathServer(
                ServerSocketChannel.open().bind(here, BACKLOG), new DatagramSocket(here)));
    Thread.ofPlatform().daemon().name("path-tcp").start(server::serve);
    Thread.ofPlatform().daemon().name("path-udp").start(server::returnDatagrams);
    return server;
  }

  private void serve() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    while (listener.isOpen()) {
      try (SocketChannel connection = listener.accept()) {
        if (connection.read(buffer.clear()) > 0 && buffer.get(0) == ECHO) {
          do {
            connection.write(buffer.flip());
          } while (connection.read(buffer.clear()) > 0);
        } else {
          while (connection.read(buffer.clear()) >= 0) {
            // There is more.
          }
          connection.write(buffer.clear().limit(1));
        }
      } catch (IOException _) {
        // That client went, or this server is closed, which ends the loop.
      }
    }
  }

  private void returnDatagrams() {
    DatagramPacket packet = new DatagramPacket(new byte[DATAGRAM], DATAGRAM);
    while (!datagrams.isClosed()) {
      try {
        packet.setLength(DATAGRAM);
        datagrams.receive(packet);
        datagrams.send(packet);
      } catch (IOException _) {
        // A client went, or this server is closed, which ends the loop.
      }
    }
  }

  @Override
  public void close() {
    datagrams.close();
    try {
      listener.close();
    } catch (IOException e) {
      throw new IllegalStateException("closing a socket failed", e);
    }
  }
}
