package io.fairlead.agent.metrics;

import io.fairlead.dataplane.model.ObjectKey;
import java.io.IOException;
import java.util.function.Consumer;

/** What the kernel counts per Service. */
@FunctionalInterface
public interface ServiceTraffic {

  /**
   * Since the frontend exists, as far as the backend keeps its counters.
   *
   * @param frontend where clients reach the Service, as FrontendAddress prints it
   * @param connections new ones, or first datagrams
   * @param refused connections that nobody served, which clients were told
   * @param dropped packets in silence: of clients that may not, or without an endpoint here
   */
  record Counters(
      ObjectKey service,
      String frontend,
      long connections,
      long packets,
      long bytes,
      long refused,
      long dropped) {

    /** The sum of both, for the frontend of this one. */
    public Counters plus(Counters other) {
      return new Counters(
          service,
          frontend,
          connections + other.connections,
          packets + other.packets,
          bytes + other.bytes,
          refused + other.refused,
          dropped + other.dropped);
    }

    boolean isZero() {
      return (connections | packets | bytes | refused | dropped) == 0;
    }
  }

  /**
   * Reads the counters now. Called at each scrape, one at a time, never on the reconciling thread.
   *
   * @throws IOException if the kernel does not tell; there is nothing of Services in that scrape
   */
  void read(Consumer<Counters> sink) throws IOException;
}
