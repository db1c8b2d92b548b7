package io.fairlead.dataplane.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the data plane needs of a Service (core/v1), with the API's defaults filled in. Only
 * Services that have a virtual address become records: headless and ExternalName ones, and those of
 * another proxy, are left out when the API object is projected.
 *
 * @param created metadata.creationTimestamp in seconds since 1970, 0 if unknown: of two Services
 *     that claim one address the older has it
 * @param clusterIps one address per family, none for an address that is not allocated yet
 * @param externalIps spec.externalIPs, of any family
 * @param loadBalancerIps status.loadBalancer.ingress with an ip and ipMode VIP, of any family
 * @param sourceRanges who may use {@code loadBalancerIps}, or null for everybody; a family without
 *     a range in a list that has some is not restricted, an empty list admits nobody
 * @param ports in the object's order, without those that are invalid
 * @param affinitySeconds how long a client stays with its endpoint; 0 without session affinity
 * @param healthCheckNodePort where load balancers ask for local endpoints; 0 for nowhere
 * @param ipvsScheduler how IPVS shares connections out, such as "wlc" or "mh,mh-port"; empty for
 *     the node's default
 */
public record ServiceRecord(
    ObjectKey key,
    long created,
    List<IpAddress> clusterIps,
    List<IpAddress> externalIps,
    List<IpAddress> loadBalancerIps,
    @Nullable List<Cidr> sourceRanges,
    List<ServicePortRecord> ports,
    TrafficPolicy internalPolicy,
    TrafficPolicy externalPolicy,
    int affinitySeconds,
    int healthCheckNodePort,
    String ipvsScheduler) {

  public ServiceRecord {
    clusterIps = List.copyOf(clusterIps);
    externalIps = List.copyOf(externalIps);
    loadBalancerIps = List.copyOf(loadBalancerIps);
    sourceRanges = sourceRanges == null ? null : List.copyOf(sourceRanges);
    ports = List.copyOf(ports);
  }

  /** A Service that has nothing but cluster IPs, for everybody and to all endpoints. */
  public static ServiceRecord ofClusterIps(
      ObjectKey key, List<IpAddress> clusterIps, List<ServicePortRecord> ports) {
    return new ServiceRecord(
        key,
        0,
        clusterIps,
        List.of(),
        List.of(),
        null,
        ports,
        TrafficPolicy.CLUSTER,
        TrafficPolicy.CLUSTER,
        0,
        0,
        "");
  }

  /** Whether clients outside the cluster can reach it. */
  public boolean isExternal() {
    return !externalIps.isEmpty()
        || !loadBalancerIps.isEmpty()
        || ports.stream().anyMatch(port -> port.nodePort() != 0);
  }

  /**
   * One port of a Service.
   *
   * @param name empty where a Service with a single port leaves it out; EndpointSlice ports are
   *     matched by it
   * @param port 1 to 65535
   * @param nodePort 1 to 65535, or 0 for none
   */
  public record ServicePortRecord(String name, Protocol protocol, int port, int nodePort) {

    /** A port without a node port. */
    public ServicePortRecord(String name, Protocol protocol, int port) {
      this(name, protocol, port, 0);
    }
  }
}
