package io.fairlead.bench.measure;

import io.fairlead.bench.lab.LabNamespace;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends a UDP datagram every tenth of a millisecond or so, from one socket to one that never
 * answers, and notes when they begin to arrive and when they cease. Without answers the kernel
 * takes none for a reply, so each is judged by itself.
 */
public final class OneWayProber implements AutoCloseable {

  private static final long PERIOD_NANOS = 100_000;

  /** So many that did not arrive in a row mean that none does. */
  private static final long SILENCE = 100;

  private final DatagramChannel from;
  private final DatagramChannel to;

  /** The numbers of the last datagram that was sent, and of the last that arrived, and when. */
  private volatile long sent;

  private volatile Arrival last = new Arrival(0, 0);

  /** The first one that arrived after silence. */
  private volatile Arrival first = last;

  /** The last that arrived before the silence that was seen; of the thread that waits. */
  private long silent;

  private record Arrival(long number, long nanoTime) {}

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
    DatagramChannel from = client.call(() -> DatagramChannel.open().connect(address));
    OneWayProber prober = new OneWayProber(from, to);
    Thread.ofPlatform().daemon().name("one-way-receive").start(prober::receive);
    Thread.ofPlatform().daemon().name("one-way-send").start(prober::send);
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

  private void receive() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(Long.BYTES);
    while (to.isOpen()) {
      try {
        SocketAddress sender = to.receive(buffer.clear());
        if (sender != null) {
          Arrival arrival = new Arrival(buffer.flip().getLong(), System.nanoTime());
          if (arrival.number() - last.number() > SILENCE) {
            first = arrival;
          }
          last = arrival;
        }
      } catch (IOException _) {
        // It is closed, which ends the loop.
      }
    }
  }

  /**
   * Waits until datagrams arrive after a silence that {@link #awaitSilence} has seen.
   *
   * @return when the first one did, by System.nanoTime
   */
  public long awaitArrival(Duration limit) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (first.number() <= silent) {
      sleep(deadline, "no datagram arrived");
    }
    return first.nanoTime();
  }

  /**
   * Waits until none arrives any more.
   *
   * @return when the last one did, by System.nanoTime
   */
  public long awaitSilence(Duration limit) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (sent - last.number() < SILENCE) {
      sleep(deadline, "datagrams still arrive");
    }
    silent = last.number();
    return last.nanoTime();
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
