package io.fairlead.dataplane.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the data plane needs of an EndpointSlice (discovery.k8s.io/v1) of address type IPv4 or IPv6.
 *
 * @param service the Service named by the label kubernetes.io/service-name, in the slice's own
 *     namespace
 * @param ports without those that have no number
 * @param triggered the annotation endpoints.kubernetes.io/last-change-trigger-time in milliseconds
 *     since 1970, 0 if absent: when that happened which the slice's last change tells of
 */
public record EndpointSliceRecord(
    ObjectKey key,
    ObjectKey service,
    AddressFamily family,
    List<EndpointPort> ports,
    List<Endpoint> endpoints,
    long triggered) {

  public EndpointSliceRecord {
    ports = List.copyOf(ports);
    endpoints = List.copyOf(endpoints);
  }

  /** A slice that does not say what triggered it. */
  public EndpointSliceRecord(
      ObjectKey key,
      ObjectKey service,
      AddressFamily family,
      List<EndpointPort> ports,
      List<Endpoint> endpoints) {
    this(key, service, family, ports, endpoints, 0);
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
   * @param hints which nodes and zones should use it
   */
  public record Endpoint(
      IpAddress address,
      boolean ready,
      boolean serving,
      boolean terminating,
      @Nullable String node,
      Hints hints) {

    /** An endpoint without hints. */
    public Endpoint(
        IpAddress address,
        boolean ready,
        boolean serving,
        boolean terminating,
        @Nullable String node) {
      this(address, ready, serving, terminating, node, Hints.NONE);
    }
  }

  /** The names in hints.forNodes and hints.forZones; both empty if there are no hints. */
  public record Hints(List<String> nodes, List<String> zones) {

    public static final Hints NONE = new Hints(List.of(), List.of());

    public Hints {
      nodes = List.copyOf(nodes);
      zones = List.copyOf(zones);
    }
  }
}
