package io.fairlead.agent.metrics;

import io.fairlead.dataplane.model.ObjectKey;
import java.io.IOException;
import java.util.function.Consumer;

/** What the kernel counts per endpoint of a Service, where the mode counts that. */
@FunctionalInterface
public interface EndpointTraffic {

  /**
   * Sums over all addresses of the Service by which clients came.
   *
   * @param endpoint address, port and protocol: "10.244.1.3:8080/tcp"
   * @param connections new ones, or first datagrams, since the endpoint is there
   * @param packets in both directions
   * @param bytes of those packets
   * @param active connections that are established now
   * @param inactive all others that are remembered: opening, closing, and all of UDP
   * @param connectionsPerSecond as the kernel estimates it every two seconds, and so the others
   */
  record Counters(
      ObjectKey service,
      String endpoint,
      long connections,
      long packets,
      long bytes,
      long active,
      long inactive,
      long connectionsPerSecond,
      long packetsPerSecond,
      long bytesPerSecond) {

    /** The sum of both, for the endpoint of this one. */
    public Counters plus(Counters other) {
      return new Counters(
          service,
          endpoint,
          connections + other.connections,
          packets + other.packets,
          bytes + other.bytes,
          active + other.active,
          inactive + other.inactive,
          connectionsPerSecond + other.connectionsPerSecond,
          packetsPerSecond + other.packetsPerSecond,
          bytesPerSecond + other.bytesPerSecond);
    }
  }

  /**
   * Reads the counters of endpoints that were used. Called by any thread, never the reconciling
   * one.
   *
   * @throws IOException if the kernel does not tell
   */
  void read(Consumer<Counters> sink) throws IOException;
}
