package io.fairlead.nftables;

import io.fairlead.dataplane.testing.TestNamespace;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Servers in namespaces that answer "NAME address-of-who-asks" at a TCP and a UDP port, and what
 * asks them.
 */
final class NamedServers implements Closeable {

  private final List<Closeable> servers = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  void serve(TestNamespace namespace, String name, int port) throws Exception {
    ServerSocket stream = namespace.call(() -> new ServerSocket(port));
    servers.add(stream);
    DatagramSocket datagrams = namespace.call(() -> new DatagramSocket(port));
    servers.add(datagrams);
    threads.add(Thread.ofPlatform().daemon().start(() -> serve(stream, name)));
    threads.add(Thread.ofPlatform().daemon().start(() -> serve(datagrams, name)));
  }

  private static byte[] answer(String name, SocketAddress asker) {
    String address = ((InetSocketAddress) asker).getAddress().getHostAddress();
    // Without the number of a device.
    return (name + " " + address.replaceFirst("%.*", "")).getBytes(StandardCharsets.UTF_8);
  }

  private static void serve(ServerSocket server, String name) {
    try {
      while (true) {
        try (Socket client = server.accept()) {
          client.getOutputStream().write(answer(name, client.getRemoteSocketAddress()));
        }
      }
    } catch (IOException e) {
      expectClosed(server.isClosed(), e);
    }
  }

  private static void serve(DatagramSocket server, String name) {
    try {
      while (true) {
        DatagramPacket packet = new DatagramPacket(new byte[64], 64);
        server.receive(packet);
        byte[] answer = answer(name, packet.getSocketAddress());
        server.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
      }
    } catch (IOException e) {
      expectClosed(server.isClosed(), e);
    }
  }

  private static void expectClosed(boolean closed, IOException cause) {
    if (!closed) {
      throw new UncheckedIOException(cause);
    }
  }

  /** What a TCP server says to who connects; waits at most so long for either. */
  static String ask(InetSocketAddress target, int patienceMillis) throws IOException {
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(patienceMillis);
      socket.connect(target, patienceMillis);
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** What a UDP server answers to a datagram from this connected socket. */
  static String ask(DatagramSocket socket, int patienceMillis) throws IOException {
    socket.setSoTimeout(patienceMillis);
    socket.send(new DatagramPacket(new byte[] {1}, 1));
    DatagramPacket packet = new DatagramPacket(new byte[64], 64);
    socket.receive(packet);
    return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    for (Closeable server : servers) {
      server.close();
    }
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
