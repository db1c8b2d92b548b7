package io.fairlead.bench.lab;

import io.fairlead.dataplane.sys.NamespaceThread;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends datagrams and SYNs from a namespace without looking whether anybody is there, also before
 * the namespace has an interface: the first one that can leave does.
 */
final class Spinner implements AutoCloseable {

  private static final int DATAGRAMS_PER_SYN = 16;
  private static final int OPEN_SYNS = 16;

  private final NamespaceThread namespace;
  private final Thread thread;
  private final long pauseNanos;
  private volatile List<InetSocketAddress> targets;
  private volatile boolean stopped;
  private final AtomicInteger sent = new AtomicInteger();

  private Spinner(NamespaceThread namespace, List<InetSocketAddress> targets, long pauseNanos) {
    this.namespace = namespace;
    this.targets = targets;
    this.pauseNanos = pauseNanos;
    this.thread =
        Thread.ofPlatform()
            .daemon()
            .name("spinner")
            .unstarted(() -> {
              try {
                namespace.call(() -> spin());
              } catch (Exception e) {
                throw new IllegalStateException("the spinner broke", e);
              }
            });
  }

  /**
   * Begins to send.
   *
   * @param pauseNanos between two datagrams
   */
  static Spinner start(LabNamespace namespace, long pauseNanos, InetSocketAddress... targets)
      throws IOException {
    Spinner spinner = new Spinner(namespace.newThread("spinner"), List.of(targets), pauseNanos);
    spinner.thread.start();
    return spinner;
  }

  /** Sends to somebody else from now on. */
  void targets(InetSocketAddress... next) {
    targets = List.of(next);
    sent.set(0);
  }

  /** How many datagrams the kernel took since the targets were set. */
  int sent() {
    return sent.get();
  }

  private boolean spin() throws IOException {
    Deque<SocketChannel> syns = new ArrayDeque<>();
    try (DatagramChannel datagrams = DatagramChannel.open()) {
      datagrams.configureBlocking(false);
      for (int i = 0; !stopped; i++) {
        List<InetSocketAddress> now = targets;
        InetSocketAddress target = now.get(i % now.size());
        try {
          datagrams.send(ByteBuffer.wrap(new byte[] {1}), target);
          sent.incrementAndGet();
        } catch (IOException _) {
          // There is no way out yet.
        }
        if (i % DATAGRAMS_PER_SYN == 0) {
          syn(now.get(i / DATAGRAMS_PER_SYN % now.size()), syns);
        }
        if (pauseNanos > 0) {
          LockSupport.parkNanos(pauseNanos);
        }
      }
    } finally {
      for (SocketChannel syn : syns) {
        syn.close();
      }
    }
    return true;
  }

  private static void syn(InetSocketAddress target, Deque<SocketChannel> syns) throws IOException {
    SocketChannel channel = SocketChannel.open();
    channel.configureBlocking(false);
    try {
      channel.connect(target);
      syns.addLast(channel);
    } catch (IOException _) {
      channel.close(); // There is no way out yet.
    }
    if (syns.size() > OPEN_SYNS) {
      syns.removeFirst().close();
    }
  }

  @Override
  public void close() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    namespace.close();
  }
}
