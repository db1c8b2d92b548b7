package io.fairlead.agent.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;

/**
 * What {@code GET /services} of the admin socket answers, as JSON with these names.
 *
 * @param proxyMode the one whose rules serve Services now
 */
public record ServicesReport(String node, String proxyMode, List<Service> services) {

  /**
   * A Service as this node serves it.
   *
   * @param internalPolicy "Cluster" or "Local", as is externalPolicy
   * @param affinitySeconds how long a client stays with its endpoint; 0 without session affinity
   * @param scheduler how IPVS shares connections out; empty for the node's default
   * @param skipped why the Service is left out, wholly or in part; empty if it is not
   */
  public record Service(
      String namespace,
      String name,
      String internalPolicy,
      String externalPolicy,
      int affinitySeconds,
      String scheduler,
      List<Port> ports,
      String skipped) {

    public Service {
      ports = List.copyOf(ports);
    }
  }

  /**
   * A port of a Service in one address family.
   *
   * @param name may be empty
   * @param protocol "tcp", "udp" or "sctp"
   * @param family "IPv4" or "IPv6"
   * @param used endpoints for traffic that may go to any node; -1 if there is no such traffic
   * @param usedHere endpoints for traffic that must stay on this node; -1 if there is no such
   *     traffic
   * @param known endpoints that the slices list for this port
   */
  public record Port(
      String name,
      String protocol,
      String family,
      List<Frontend> frontends,
      int used,
      int usedHere,
      int known) {

    public Port {
      frontends = List.copyOf(frontends);
    }
  }

  /**
   * Where clients reach a port. Counters are -1 where they were not asked for, or the mode does not
   * count.
   *
   * @param type "cluster-ip", "external-ip", "load-balancer" or "node-port"
   * @param address with port and protocol, or "node port 30080/tcp (IPv4)"
   * @param reach "cluster", "local", or "local-from-outside"
   * @param sourceRanges the only networks that may use it; empty for all, "none" for none
   * @param owner "namespace/name" of the Service that has the address in the place of this one;
   *     empty if this one has it
   */
  public record Frontend(
      String type,
      String address,
      String reach,
      List<String> sourceRanges,
      String owner,
      long connections,
      long bytes,
      long refused,
      long dropped) {

    public Frontend {
      sourceRanges = List.copyOf(sourceRanges);
    }
  }

  public ServicesReport {
    services = List.copyOf(services);
  }

  /**
   * Reads a report.
   *
   * @throws JsonProcessingException if it is something else
   */
  public static ServicesReport parse(String json) throws JsonProcessingException {
    return Json.parse(json, ServicesReport.class);
  }
}
