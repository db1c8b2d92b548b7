package io.fairlead.dataplane.testing;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;

/** A connection with both of its ends in hand; each says bytes and hears the other's. */
public sealed interface Conversation extends AutoCloseable {

  /** Nothing was heard. */
  int SILENCE = -1;

  void clientSays(int value) throws IOException;

  void serverSays(int value) throws IOException;

  /** What the server hears next, within some time. */
  int serverHears(int milliseconds) throws IOException;

  int clientHears(int milliseconds) throws IOException;

  @Override
  void close() throws IOException;

  /** Whether a byte goes there, and another one back. */
  default boolean flows() throws IOException {
    clientSays(7);
    if (serverHears(5000) != 7) {
      return false;
    }
    serverSays(8);
    return clientHears(5000) == 8;
  }

  /** Opens a TCP connection to an address that leads to this server and port. */
  static Conversation tcp(
      TestNamespace client, String to, int toPort, TestNamespace server, int port)
      throws Exception {
    try (ServerSocket listener = server.call(() -> new ServerSocket(port))) {
      Socket asking = client.call(() -> new Socket(InetAddress.ofLiteral(to), toPort));
      Stream stream = new Stream(asking, listener.accept());
      if (!stream.flows()) {
        throw new AssertionError("no bytes to " + to + " port " + toPort);
      }
      return stream;
    }
  }

  /** Exchanges datagrams with an address that leads to this server and port. */
  static Conversation udp(
      TestNamespace client, String to, int toPort, TestNamespace server, int port)
      throws Exception {
    DatagramSocket asking = client.call(() -> new DatagramSocket());
    Datagrams datagrams =
        new Datagrams(
            asking,
            server.call(() -> new DatagramSocket(port)),
            new InetSocketAddress(InetAddress.ofLiteral(to), toPort));
    if (!datagrams.flows()) {
      throw new AssertionError("no datagrams to " + to + " port " + toPort);
    }
    return datagrams;
  }

  /** Over TCP. */
  record Stream(Socket client, Socket server) implements Conversation {
    @Override
    public void clientSays(int value) throws IOException {
      client.getOutputStream().write(value);
    }

    @Override
    public void serverSays(int value) throws IOException {
      server.getOutputStream().write(value);
    }

    @Override
    public int serverHears(int milliseconds) throws IOException {
      return hear(server, milliseconds);
    }

    @Override
    public int clientHears(int milliseconds) throws IOException {
      return hear(client, milliseconds);
    }

    private static int hear(Socket socket, int milliseconds) throws IOException {
      socket.setSoTimeout(milliseconds);
      try {
        return socket.getInputStream().read();
      } catch (SocketTimeoutException e) {
        return SILENCE;
      }
    }

    @Override
    public void close() throws IOException {
      client.close();
      server.close();
    }
  }

  /** Over UDP; the server answers whoever sent last. */
  final class Datagrams implements Conversation {
    private final DatagramSocket client;
    private final DatagramSocket server;
    private final SocketAddress service;
    private SocketAddress asker;

    private Datagrams(DatagramSocket client, DatagramSocket server, SocketAddress service) {
      this.client = client;
      this.server = server;
      this.service = service;
      this.asker = service;
    }

    @Override
    public void clientSays(int value) throws IOException {
      client.send(new DatagramPacket(new byte[] {(byte) value}, 1, service));
    }

    @Override
    public void serverSays(int value) throws IOException {
      server.send(new DatagramPacket(new byte[] {(byte) value}, 1, asker));
    }

    @Override
    public int serverHears(int milliseconds) throws IOException {
      DatagramPacket packet = new DatagramPacket(new byte[1], 1);
      int value = hear(server, packet, milliseconds);
      asker = value == SILENCE ? asker : packet.getSocketAddress();
      return value;
    }

    @Override
    public int clientHears(int milliseconds) throws IOException {
      return hear(client, new DatagramPacket(new byte[1], 1), milliseconds);
    }

    private static int hear(DatagramSocket socket, DatagramPacket packet, int milliseconds)
        throws IOException {
      socket.setSoTimeout(milliseconds);
      try {
        socket.receive(packet);
        return packet.getData()[0] & 0xff;
      } catch (SocketTimeoutException e) {
        return SILENCE;
      }
    }

    @Override
    public void close() {
      client.close();
      server.close();
    }
  }
}
