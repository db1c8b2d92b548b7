package io.fairlead.agent.conformance;

import io.fairlead.dataplane.model.IpAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;

/** The capability bandwidth: whether what was asked for holds. */
final class BandwidthObligation {

  /** Bits per second, and the bits that may be sent at once. */
  private static final int RATE = 16_000_000;

  private static final int BURST = 1_600_000;

  private static final int BYTES = 2_000_000;

  /**
   * At the rate above the bytes that the burst does not cover take 0.9 s; half of it leaves room
   * for queues. Slower is fine: only what is faster than the limit breaks it.
   */
  private static final Duration LEAST = Duration.ofMillis(450);

  private static final int LIMIT_MS = 30_000;

  private BandwidthObligation() {}

  static Obligation shaping() {
    return CapabilityObligations.capability(
            "bandwidth",
            "bandwidth: neither to the pod nor from it do bytes flow faster than was asked for.",
            "{\"ingressRate\":%d,\"ingressBurst\":%d,\"egressRate\":%d,\"egressBurst\":%d}"
                .formatted(RATE, BURST, RATE, BURST),
            (bed, pod) -> {
              Result.Address address = pod.attached().first();
              IpAddress gateway = address.gateway();
              if (gateway == null) {
                throw new Inapplicable("the result has no gateway to send to");
              }
              String to = limited("to the pod", bed.node(), pod.pod(), address.ip());
              return to + "; " + limited("from the pod", pod.pod(), bed.node(), gateway);
            })
        .shows("38");
  }

  private static String limited(String what, Sandbox from, Sandbox to, IpAddress address)
      throws IOException, Unmet {
    Duration time = transfer(from, to, address);
    String seen = BYTES + " bytes " + what + " took ";
    Unmet.require(time.compareTo(LEAST) > 0, seen + time.toMillis() + " ms, too fast");
    return seen + "over " + LEAST.toMillis() + " ms";
  }

  /** From the first byte sent to the last received. */
  private static Duration transfer(Sandbox from, Sandbox to, IpAddress address) throws IOException {
    try (ServerSocket server = to.call(() -> new ServerSocket(0))) {
      server.setSoTimeout(LIMIT_MS);
      InetSocketAddress target =
          new InetSocketAddress(InetAddress.getByAddress(address.bytes()), server.getLocalPort());
      try (Socket client = from.call(() -> connected(target));
          Socket accepted = server.accept()) {
        accepted.setSoTimeout(LIMIT_MS);
        long start = System.nanoTime();
        Thread sender = Thread.ofVirtual().start(() -> send(client));
        int received = accepted.getInputStream().readNBytes(BYTES).length;
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        sender.join();
        if (received < BYTES) {
          throw new IOException(received + " of " + BYTES + " bytes arrived at " + address);
        }
        return time;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static Socket connected(InetSocketAddress target) throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(target, LIMIT_MS);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static void send(Socket socket) {
    try {
      socket.getOutputStream().write(new byte[BYTES]);
      socket.shutdownOutput();
    } catch (IOException e) {
      // The receiver counts what arrives.
      return;
    }
  }
}
