package io.fairlead.dataplane.testing.behaviour;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.testing.TestNamespace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends pairs of datagrams with the same source and destination at the same instant, from two
 * threads. A socket of the JDK lets one thread send at a time, so that two sockets share a port,
 * which is no difference to whoever is on the way.
 */
final class ParallelQuestions {

  private static final int AT_ONCE = 250;
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(3);

  private final TestNamespace client;
  private final SocketAddress server;

  ParallelQuestions(TestNamespace client, IpAddress address, int port) {
    this.client = client;
    this.server = new InetSocketAddress(InetAddress.ofLiteral(address.toString()), port);
  }

  /** Two sockets that share a port. */
  private record Pair(DatagramChannel first, DatagramChannel second) {

    static Pair open(SocketAddress server) throws IOException {
      DatagramChannel first = open(server, 0);
      int port = ((InetSocketAddress) first.getLocalAddress()).getPort();
      return new Pair(first, open(server, port));
    }

    private static DatagramChannel open(SocketAddress server, int port) throws IOException {
      DatagramChannel channel = DatagramChannel.open();
      channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      channel.bind(new InetSocketAddress(port));
      channel.connect(server);
      channel.configureBlocking(false);
      return channel;
    }
  }

  /** How many of twice {@code pairs} questions were answered; pairs are one after the other. */
  int ask(int pairs) throws Exception {
    int answers = 0;
    for (int done = 0; done < pairs; done += AT_ONCE) {
      answers += askSome(Math.min(AT_ONCE, pairs - done));
    }
    return answers;
  }

  private int askSome(int count) throws Exception {
    List<Pair> pairs =
        client.call(() -> {
          List<Pair> opened = new ArrayList<>();
          for (int i = 0; i < count; i++) {
            opened.add(Pair.open(server));
          }
          return opened;
        });
    try (Selector selector = Selector.open()) {
      for (Pair pair : pairs) {
        pair.first().register(selector, SelectionKey.OP_READ);
        pair.second().register(selector, SelectionKey.OP_READ);
      }
      AtomicInteger arrived = new AtomicInteger();
      Thread other =
          Thread.ofPlatform().start(() -> send(pairs.stream().map(Pair::second).toList(), arrived));
      send(pairs.stream().map(Pair::first).toList(), arrived);
      other.join();
      return receive(selector, 2 * count);
    } finally {
      for (Pair pair : pairs) {
        pair.first().close();
        pair.second().close();
      }
    }
  }

  /** Sends one datagram by each channel, when whoever else counts in {@code arrived} does so. */
  private static void send(List<DatagramChannel> channels, AtomicInteger arrived) {
    ByteBuffer question = ByteBuffer.allocateDirect(Long.BYTES);
    int wanted = 0;
    try {
      for (DatagramChannel channel : channels) {
        wanted += 2;
        arrived.incrementAndGet();
        for (int spins = 0; arrived.get() < wanted; spins++) {
          if (spins > 20_000) {
            LockSupport.parkNanos(1_000);
          } else {
            Thread.onSpinWait();
          }
        }
        channel.write(question.clear());
      }
    } catch (IOException e) {
      arrived.addAndGet(2 * channels.size()); // The other one need not wait.
      throw new AssertionError(e);
    }
  }

  private static int receive(Selector selector, int wanted) throws IOException {
    ByteBuffer answer = ByteBuffer.allocate(64);
    int answers = 0;
    long start = System.nanoTime();
    while (answers < wanted && System.nanoTime() - start < PATIENCE) {
      selector.select(100);
      for (SelectionKey key : selector.selectedKeys()) {
        DatagramChannel channel = (DatagramChannel) key.channel();
        while (channel.read(answer.clear()) > 0) {
          answers++;
        }
      }
      selector.selectedKeys().clear();
    }
    return answers;
  }
}
