package io.fairlead.bench.datapath;

import io.fairlead.bench.lab.LabNamespace;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Set;

/**
 * A way of packets from a client to a {@link PathServer}. Immutable.
 *
 * @param parameters of its cells
 * @param to where the client sends
 * @param figures what is measured on it
 */
record TrafficPath(
    Map<String, String> parameters,
    LabNamespace client,
    InetSocketAddress to,
    Set<Figure> figures) {

  TrafficPath {
    parameters = Map.copyOf(parameters);
    figures = Set.copyOf(figures);
  }

  /** What can be measured on a path. */
  enum Figure {
    /** Until a TCP connection is there: the first packets of a connection. */
    CONNECT,
    /** A request and its answer over a TCP connection that is there. */
    ROUND_TRIP,
    /** The same by UDP, with the first datagrams of a socket and with later ones. */
    DATAGRAM,
    /** Bulk over one TCP connection. */
    THROUGHPUT
  }
}
