package io.fairlead.dataplane.netlink.conntrack;

import io.fairlead.dataplane.model.IpAddress;
import org.jspecify.annotations.Nullable;

/** What one direction of a flow must look like; null matches everything. Immutable. */
public record TupleFilter(
    @Nullable IpAddress source,
    @Nullable Integer sourcePort,
    @Nullable IpAddress destination,
    @Nullable Integer destinationPort) {

  public static final TupleFilter ANY = new TupleFilter(null, null, null, null);

  public static TupleFilter from(IpAddress source) {
    return new TupleFilter(source, null, null, null);
  }

  public static TupleFilter from(IpAddress source, int port) {
    return new TupleFilter(source, port, null, null);
  }

  public static TupleFilter to(IpAddress destination) {
    return new TupleFilter(null, null, destination, null);
  }

  public static TupleFilter to(IpAddress destination, int port) {
    return new TupleFilter(null, null, destination, port);
  }

  /** To a port at any address. */
  public static TupleFilter toPort(int port) {
    return new TupleFilter(null, null, null, port);
  }

  boolean namesPort() {
    return sourcePort != null || destinationPort != null;
  }

  boolean matches(ConntrackTuple tuple) {
    return (source == null || source.equals(tuple.source()))
        && (destination == null || destination.equals(tuple.destination()))
        && (!namesPort() || (tuple.key() instanceof TransportKey.Ports ports && matches(ports)));
  }

  private boolean matches(TransportKey.Ports ports) {
    return (sourcePort == null || sourcePort == ports.source())
        && (destinationPort == null || destinationPort == ports.destination());
  }
}
