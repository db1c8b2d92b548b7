package io.fairlead.bench.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Answers each line of a TCP connection and each UDP datagram with the same text, followed by the
 * server's name and the client's address as the server sees it: see {@link EchoAnswer}.
 */
public final class EchoServer implements AutoCloseable {

  private static final int BACKLOG = 4096;
  private static final int LARGEST_DATAGRAM = 2048;

  private final String name;
  private final ServerSocket listener;
  private final DatagramSocket datagrams;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

  private EchoServer(String name, ServerSocket listener, DatagramSocket datagrams) {
    this.name = name;
    this.listener = listener;
    this.datagrams = datagrams;
  }

  /** Listens in {@code namespace}; when this returns, clients can connect. */
  public static EchoServer start(LabNamespace namespace, String name, InetSocketAddress address)
      throws IOException, InterruptedException {
    EchoServer server =
        namespace.call(() -> {
          ServerSocket listener = new ServerSocket();
          try {
            listener.bind(address, BACKLOG);
            DatagramSocket datagrams = new DatagramSocket(address);
            datagrams.setReceiveBufferSize(PacketProber.RECEIVE_BUFFER);
            return new EchoServer(name, listener, datagrams);
          } catch (IOException e) {
            listener.close();
            throw e;
          }
        });
    Thread.ofPlatform().daemon().name(name + "-tcp").start(server::accept);
    Thread.ofPlatform().daemon().name(name + "-udp").start(server::answerDatagrams);
    return server;
  }

  private void accept() {
    try {
      while (true) {
        Socket connection = listener.accept();
        connections.add(connection);
        Thread.ofVirtual().start(() -> answerLines(connection));
      }
    } catch (IOException e) {
      close();
    }
  }

  private void answerLines(Socket connection) {
    try (connection) {
      connection.setTcpNoDelay(true);
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        InetSocketAddress client = (InetSocketAddress) connection.getRemoteSocketAddress();
        String answer = new EchoAnswer(line, name, client).text() + "\n";
        connection.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException _) {
      // The client went without a word, or this server is closed; either way nobody listens.
    } finally {
      connections.remove(connection);
    }
  }

  private void answerDatagrams() {
    DatagramPacket packet = new DatagramPacket(new byte[LARGEST_DATAGRAM], LARGEST_DATAGRAM);
    while (!datagrams.isClosed()) {
      try {
        packet.setLength(LARGEST_DATAGRAM);
        datagrams.receive(packet);
        String request =
            new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8).strip();
        InetSocketAddress client = (InetSocketAddress) packet.getSocketAddress();
        byte[] answer =
            (new EchoAnswer(request, name, client).text() + "\n").getBytes(StandardCharsets.UTF_8);
        datagrams.send(new DatagramPacket(answer, answer.length, client));
      } catch (SocketException _) {
        // Closed, which ends the loop; or the network refuses this one answer, a loss to its asker.
      } catch (IOException e) {
        close();
      }
    }
  }

  /** Frees the port and ends the connections. */
  @Override
  public void close() {
    datagrams.close();
    closeQuietly(listener);
    connections.forEach(EchoServer::closeQuietly);
  }

  private static void closeQuietly(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception e) {
      throw new IllegalStateException("closing a socket failed", e);
    }
  }
}
