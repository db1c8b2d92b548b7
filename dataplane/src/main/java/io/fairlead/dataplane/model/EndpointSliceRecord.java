package io.fairlead.dataplane.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the data plane needs of an EndpointSlice (discovery.k8s.io/v1) of address type IPv4 or IPv6.
 *
 * @param service the Service named by the label kubernetes.io/service-name, in the slice's own
 *     namespace
 * @param ports without those that have no number
 */
public record EndpointSliceRecord(
    ObjectKey key,
    ObjectKey service,
    AddressFamily family,
    List<EndpointPort> ports,
    List<Endpoint> endpoints) {

  public EndpointSliceRecord {
    ports = List.copyOf(ports);
    endpoints = List.copyOf(endpoints);
  }

  /**
   * One port that every endpoint of the slice serves.
   *
   * @param name empty if absent
   * @param port 1 to 65535
   */
  public record EndpointPort(String name, Protocol protocol, int port) {}

  /**
   * One address of the slice, with its conditions after the API's defaults: ready and serving are
   * true and terminating is false where they are absent.
   *
   * @param node the node that runs it, where the slice says so
   */
  public record Endpoint(
      IpAddress address,
      boolean ready,
      boolean serving,
      boolean terminating,
      @Nullable String node) {}
}
