package io.fairlead.dataplane.testing.behaviour;

import com.sun.nio.sctp.MessageInfo;
import com.sun.nio.sctp.SctpChannel;
import com.sun.nio.sctp.SctpServerChannel;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.testing.TestNamespace;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * SCTP servers in many namespaces, each on a thread of its own, and clients of them. A server tells
 * who it is and the address that it was asked from, as "NAME address". All sockets have one
 * address: the kernel translates those in IP headers only, so that those in a handshake would give
 * the endpoint's own away.
 */
final class SctpSockets implements AutoCloseable {

  /** Where pods answer. */
  static final int PORT = 8082;

  /** For an answer to arrive in; far more than any needs. */
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);

  /** No two clients have the same port: an association that ended is remembered for a while. */
  private final AtomicInteger sourcePort = new AtomicInteger(32_768);

  private final List<SctpServerChannel> servers = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  /** What this machine lacks for SCTP sockets, as a sentence; empty if it has all. */
  static String missing() {
    try {
      SctpServerChannel.open().close();
      return "";
    } catch (IOException | UnsupportedOperationException e) {
      String reason = String.valueOf(e.getMessage());
      return reason.contains("libsctp")
          ? "this machine has no libsctp.so.1, which the JDK opens SCTP sockets with (Debian: libsctp1): "
              + reason
          : "this kernel has no SCTP sockets (module sctp): " + reason;
    }
  }

  /** Answers in {@code host}'s name at its addresses of both families. */
  void answer(Host host, TestNamespace namespace) throws Exception {
    for (AddressFamily family : AddressFamily.values()) {
      SctpServerChannel server = namespace.call(SctpServerChannel::open);
      servers.add(server);
      server.bind(socketAddress(host.address(family), PORT));
      threads.add(
          Thread.ofPlatform().daemon().name("SCTP of " + host).start(() -> serve(server, host)));
    }
  }

  private static void serve(SctpServerChannel server, Host host) {
    while (server.isOpen()) {
      try (SctpChannel client = server.accept()) {
        SocketAddress asker = client.getRemoteAddresses().iterator().next();
        // Without the number of a device, which is no part of a global address but of this one.
        byte[] address = ((InetSocketAddress) asker).getAddress().getAddress();
        String text = host.name() + " " + IpAddress.of(address);
        client.send(
            ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)),
            MessageInfo.createOutgoing(null, 0));
      } catch (AsynchronousCloseException e) {
        return;
      } catch (IOException e) {
        // One client that left early is no reason to leave the others alone.
        System.out.println("SCTP server " + host + ": " + e.getMessage());
      }
    }
  }

  /** Starts an association from {@code host}'s own address; its first packet is sent. */
  SctpChannel connect(Host host, TestNamespace namespace, IpAddress address, int port)
      throws Exception {
    SctpChannel channel = namespace.call(SctpChannel::open);
    try {
      channel.configureBlocking(false);
      IpAddress own = host.address(address.family());
      channel.bind(socketAddress(own, sourcePort.getAndIncrement()));
      channel.connect(socketAddress(address, port));
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** What a client meets that should be answered. */
  Observation ask(Host host, TestNamespace namespace, IpAddress address, int port)
      throws Exception {
    try (Selector selector = Selector.open();
        SctpChannel channel = connect(host, namespace, address, port)) {
      return await(channel, selector);
    } catch (ConnectException e) {
      return new Observation.Failed(String.valueOf(e.getMessage()));
    }
  }

  private static Observation await(SctpChannel channel, Selector selector) throws IOException {
    ByteBuffer answer = ByteBuffer.allocate(64);
    SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
    long end = System.nanoTime() + PATIENCE;
    for (long left = PATIENCE; left > 0; left = end - System.nanoTime()) {
      selector.select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
      selector.selectedKeys().clear();
      if (channel.isConnectionPending()) {
        if (!channel.finishConnect()) {
          continue;
        }
        key.interestOps(SelectionKey.OP_READ);
      }
      MessageInfo message = channel.receive(answer, null, null);
      if (message != null) {
        return message.bytes() < 0
            ? new Observation.Failed("the association ended without an answer")
            : answered(StandardCharsets.UTF_8.decode(answer.flip()).toString());
      }
    }
    return Observation.SILENT;
  }

  private static Observation answered(String text) {
    int space = text.indexOf(' ');
    return new Observation.Answered(
        Host.valueOf(text.substring(0, space)), IpAddress.parse(text.substring(space + 1)));
  }

  private static InetSocketAddress socketAddress(IpAddress address, int port) throws IOException {
    return new InetSocketAddress(InetAddress.getByAddress(address.bytes()), port);
  }

  @Override
  public void close() throws IOException {
    for (SctpServerChannel server : servers) {
      server.close();
    }
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
