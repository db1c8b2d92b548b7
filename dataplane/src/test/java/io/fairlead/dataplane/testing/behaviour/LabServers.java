package io.fairlead.dataplane.testing.behaviour;

import io.fairlead.dataplane.testing.TestNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Servers in many namespaces on one thread. Each tells who it is and the address that it was asked
 * from, as "NAME address". A datagram holds a number of eight bytes, and who got it is remembered:
 * a server that answers from another address than the one that was asked is noticed, too.
 */
final class LabServers implements AutoCloseable {

  /** A channel and who answers on it. */
  private record Opened(SelectableChannel channel, int operation, Host host) {}

  private final Selector selector;
  private final Thread thread;
  private final Queue<Opened> opened = new ConcurrentLinkedQueue<>();
  private final Map<Long, Host> datagrams = new ConcurrentHashMap<>();
  private volatile boolean closed;

  LabServers() throws IOException {
    selector = Selector.open();
    thread = Thread.ofPlatform().daemon().name("lab servers").start(this::serve);
  }

  /** Answers in {@code host}'s name at a TCP and a UDP port of all its addresses. */
  void answer(Host host, TestNamespace namespace, int tcpPort, int udpPort) throws Exception {
    opened.add(new Opened(namespace.call(() -> stream(tcpPort)), SelectionKey.OP_ACCEPT, host));
    opened.add(new Opened(namespace.call(() -> datagram(udpPort)), SelectionKey.OP_READ, host));
    selector.wakeup();
  }

  /** Who got the datagram with this number, or null if nobody did. */
  @org.jspecify.annotations.Nullable
  Host receiver(long datagram) {
    return datagrams.get(datagram);
  }

  private static ServerSocketChannel stream(int port) throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open();
    channel.bind(new InetSocketAddress(port), 1024);
    channel.configureBlocking(false);
    return channel;
  }

  private static DatagramChannel datagram(int port) throws IOException {
    DatagramChannel channel = DatagramChannel.open();
    channel.setOption(StandardSocketOptions.SO_RCVBUF, 1 << 20);
    channel.bind(new InetSocketAddress(port));
    channel.configureBlocking(false);
    return channel;
  }

  private void serve() {
    ByteBuffer buffer = ByteBuffer.allocate(64);
    try {
      while (!closed) {
        for (Opened next = opened.poll(); next != null; next = opened.poll()) {
          next.channel().register(selector, next.operation(), next.host());
        }
        selector.select(key -> serve(key, buffer));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void serve(SelectionKey key, ByteBuffer buffer) {
    Host host = (Host) key.attachment();
    try {
      switch (key.channel()) {
        case ServerSocketChannel server -> accept(server, host);
        case DatagramChannel server -> receive(server, host, buffer);
        default -> throw new IllegalStateException("no such server");
      }
    } catch (IOException e) {
      // One client that left early is no reason to leave the others alone.
      System.out.println("lab server " + host + ": " + e.getMessage());
    }
  }

  private static void accept(ServerSocketChannel server, Host host) throws IOException {
    while (true) {
      try (SocketChannel client = server.accept()) {
        if (client == null) {
          return;
        }
        client.write(answer(host, client.getRemoteAddress()));
      }
    }
  }

  private void receive(DatagramChannel server, Host host, ByteBuffer buffer) throws IOException {
    buffer.clear();
    for (SocketAddress asker = server.receive(buffer);
        asker != null;
        asker = server.receive(buffer.clear())) {
      datagrams.put(buffer.flip().getLong(), host);
      server.send(answer(host, asker), asker);
    }
  }

  private static ByteBuffer answer(Host host, SocketAddress asker) {
    String address = ((InetSocketAddress) asker).getAddress().getHostAddress();
    return ByteBuffer.wrap((host.name() + " " + address).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() throws IOException {
    closed = true;
    selector.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    for (Opened unregistered : opened) {
      unregistered.channel().close();
    }
    selector.close();
  }
}
