package io.fairlead.bench.chaos.probe;

import io.fairlead.bench.lab.LabNamespace;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.concurrent.locks.LockSupport;

/**
 * A UDP port that nothing must ever arrive at, since policies deny whoever sends there. What does
 * arrive is an incident, and is answered: a flow that got through once shall not live on either.
 */
public final class Listening implements Probe {

  private static final long QUIET_NANOS = 300_000_000;
  private static final long PAUSE_NANOS = 2_000_000;

  private final DatagramSocket socket;
  private final ProbeLog log;

  private Listening(DatagramSocket socket, ProbeLog log) {
    this.socket = socket;
    this.log = log;
  }

  /** Begins to listen in a pod. */
  public static Listening start(LabNamespace pod, int port, ProbeLog log)
      throws IOException, InterruptedException {
    DatagramSocket socket = pod.call(() -> new DatagramSocket(port));
    Listening probe = new Listening(socket, log);
    Thread.ofPlatform().daemon().name("denied-" + log.name()).start(probe::run);
    return probe;
  }

  private void run() {
    DatagramPacket packet = new DatagramPacket(new byte[64], 64);
    while (!socket.isClosed()) {
      try {
        packet.setLength(64);
        socket.receive(packet);
        long now = System.nanoTime();
        log.incident(Effect.LEAKED, now, now, "from " + packet.getSocketAddress());
        socket.send(packet);
      } catch (IOException _) {
        // Closed, or the answer was refused.
      }
    }
  }

  /** Someone who sends to such a port without end. */
  public static final class Sender implements AutoCloseable {

    private final DatagramSocket socket;
    private final InetSocketAddress to;
    private final ProbeLog log;

    private Sender(DatagramSocket socket, InetSocketAddress to, ProbeLog log) {
      this.socket = socket;
      this.to = to;
      this.log = log;
    }

    /** Begins to send, from a namespace that may not have an interface yet. */
    public static Sender start(LabNamespace from, InetSocketAddress to, ProbeLog log)
        throws IOException, InterruptedException {
      // Not connected, so that ICMP errors do not reach it.
      Sender sender = new Sender(from.call(() -> new DatagramSocket()), to, log);
      Thread.ofVirtual().name("sender-" + log.name()).start(sender::run);
      return sender;
    }

    private void run() {
      byte[] word = {'x'};
      while (!socket.isClosed()) {
        try {
          socket.send(new DatagramPacket(word, 1, to));
          log.success(System.nanoTime());
        } catch (IOException _) {
          // There is no way yet, or none any more.
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }

    @Override
    public void close() {
      socket.close();
    }
  }

  @Override
  public ProbeLog log() {
    return log;
  }

  /** Packets are sent, and none arrived lately. */
  @Override
  public boolean isWellSince(long nanos) {
    return log.lastIncident() == Long.MIN_VALUE
        || System.nanoTime() - log.lastIncident() > QUIET_NANOS;
  }

  @Override
  public void close() {
    socket.close();
  }
}
