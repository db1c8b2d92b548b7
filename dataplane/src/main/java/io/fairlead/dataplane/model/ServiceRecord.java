package io.fairlead.dataplane.model;

import java.util.List;

/**
 * What the data plane needs of a Service (core/v1). Only Services that have a virtual address
 * become records: headless and ExternalName ones, and those of another proxy, are left out when the
 * API object is projected.
 *
 * @param clusterIps one address per family, none for an address that is not allocated yet
 * @param ports in the object's order, without those that are invalid
 */
public record ServiceRecord(
    ObjectKey key, List<IpAddress> clusterIps, List<ServicePortRecord> ports) {

  public ServiceRecord {
    clusterIps = List.copyOf(clusterIps);
    ports = List.copyOf(ports);
  }

  /**
   * One port of a Service.
   *
   * @param name empty where a Service with a single port leaves it out; EndpointSlice ports are
   *     matched by it
   * @param port 1 to 65535
   */
  public record ServicePortRecord(String name, Protocol protocol, int port) {}
}
