package io.fairlead.bench.lab;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts what arrives at a port of a namespace: datagrams, and connections. Answers no datagram.
 */
final class Arrivals implements AutoCloseable {

  private final DatagramSocket datagrams;
  private final ServerSocket listener;
  private final AtomicInteger received = new AtomicInteger();
  private final AtomicInteger accepted = new AtomicInteger();

  private Arrivals(DatagramSocket datagrams, ServerSocket listener) {
    this.datagrams = datagrams;
    this.listener = listener;
  }

  static Arrivals listen(LabNamespace namespace, int port)
      throws IOException, InterruptedException {
    Arrivals arrivals =
        namespace.call(() ->
            new Arrivals(new DatagramSocket(new InetSocketAddress(port)), new ServerSocket(port)));
    Thread.ofPlatform().daemon().start(arrivals::receive);
    Thread.ofPlatform().daemon().start(arrivals::accept);
    return arrivals;
  }

  private void receive() {
    DatagramPacket packet = new DatagramPacket(new byte[16], 16);
    try {
      while (true) {
        datagrams.receive(packet);
        received.incrementAndGet();
      }
    } catch (IOException _) {
      // Closed.
    }
  }

  private void accept() {
    try {
      while (true) {
        listener.accept().close();
        accepted.incrementAndGet();
      }
    } catch (IOException _) {
      // Closed.
    }
  }

  int datagrams() {
    return received.get();
  }

  int connections() {
    return accepted.get();
  }

  /** What arrived, whatever it was. */
  int all() {
    return datagrams() + connections();
  }

  @Override
  public void close() throws IOException {
    datagrams.close();
    listener.close();
  }
}
