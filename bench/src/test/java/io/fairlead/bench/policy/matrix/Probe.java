package io.fairlead.bench.policy.matrix;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import org.jspecify.annotations.Nullable;

/**
 * One packet that begins a connection.
 *
 * @param destination where it has to arrive
 * @param service the address of a Service that leads there, null to ask the destination itself
 */
record Probe(
    ProbeHost source,
    ProbeHost destination,
    @Nullable IpAddress service,
    AddressFamily family,
    Protocol protocol,
    int port) {

  IpAddress target() {
    return service == null ? destination.address(family) : service;
  }

  boolean isToItself() {
    return source.equals(destination);
  }

  /** "x/a -> y/b TCP 80 IPv4 through 10.96.0.33". */
  @Override
  public String toString() {
    return source
        + " -> "
        + destination
        + " "
        + protocol
        + " "
        + port
        + " "
        + family.kubernetesName()
        + (service == null ? "" : " through " + service);
  }
}
