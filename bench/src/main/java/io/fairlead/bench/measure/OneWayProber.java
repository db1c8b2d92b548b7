package io.fairlead.bench.measure;

import io.fairlead.bench.lab.LabNamespace;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends a UDP datagram every tenth of a millisecond or so, from one socket to one that never
 * answers, and tells when they begin to arrive and when they cease. Without answers the kernel
 * takes none for a reply, so each is judged by itself. Its methods are for one thread.
 */
public final class OneWayProber implements AutoCloseable {

  private static final long PERIOD_NANOS = 100_000;

  /** So many that were sent and did not arrive mean that none does. */
  private static final long SILENCE = 100;

  private final DatagramChannel from;
  private final DatagramChannel to;
  private final ByteBuffer received = ByteBuffer.allocateDirect(Long.BYTES);

  /** The number of the last datagram that was sent. */
  private volatile long sent;

  /** The number of the last datagram that was received, and when it was. */
  private long last;

  private long lastNanoTime;

  private OneWayProber(DatagramChannel from, DatagramChannel to) {
    this.from = from;
    this.to = to;
  }

  /** Begins to send from {@code client} to an address that {@code server} has. */
  public static OneWayProber start(
      LabNamespace client, LabNamespace server, InetSocketAddress address)
      throws IOException, InterruptedException {
    DatagramChannel to =
        server.call(() -> DatagramChannel.open().bind(new InetSocketAddress(address.getPort())));
    to.configureBlocking(false);
    DatagramChannel from = client.call(() -> DatagramChannel.open().connect(address));
    OneWayProber prober = new OneWayProber(from, to);
    Thread.ofPlatform().daemon().name("one-way").start(prober::send);
    return prober;
  }

  private void send() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(Long.BYTES);
    while (from.isOpen()) {
      try {
        long number = sent + 1;
        from.write(buffer.clear().putLong(number).flip());
        sent = number;
      } catch (IOException _) {
        // It is closed, which ends the loop, or the kernel told of one that was refused.
      }
      LockSupport.parkNanos(PERIOD_NANOS);
    }
  }

  /** Receives one datagram, if there is one. */
  private boolean receive() throws IOException {
    if (to.receive(received.clear()) == null) {
      return false;
    }
    last = received.flip().getLong();
    lastNanoTime = System.nanoTime();
    return true;
  }

  /**
   * Waits until a datagram arrives, after {@link #awaitSilence}.
   *
   * @return when it did, by System.nanoTime
   */
  public long awaitArrival(Duration limit) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!receive()) {
      sleep(deadline, "no datagram arrived");
    }
    return lastNanoTime;
  }

  /**
   * Waits until none arrives any more.
   *
   * @return when the last one did, by System.nanoTime
   */
  public long awaitSilence(Duration limit) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      // Before looking: what was sent by now has arrived by then, or does not.
      long sentBefore = sent;
      if (!receive()) {
        if (sentBefore - last >= SILENCE) {
          return lastNanoTime;
        }
        sleep(deadline, "datagrams still arrive");
      }
    }
  }

  private static void sleep(long deadline, String problem)
      throws IOException, InterruptedException {
    if (System.nanoTime() > deadline) {
      throw new IOException(problem + " in time");
    }
    LockSupport.parkNanos(PERIOD_NANOS);
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  @Override
  public void close() {
    try {
      from.close();
      to.close();
    } catch (IOException e) {
      throw new IllegalStateException("closing a socket failed", e);
    }
  }
}
