package io.fairlead.agent.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;

/**
 * What {@code GET /endpoints} of the admin socket answers, as JSON with these names.
 *
 * @param zone of this node; empty if it is in none
 * @param endpoints by Service, port and address; one for each entry of a slice and each port
 */
public record EndpointsReport(String node, String zone, List<Endpoint> endpoints) {

  /**
   * An endpoint as this node sees it.
   *
   * @param namespace of the Service
   * @param service its name
   * @param portName of the Service's port; may be empty
   * @param protocol "tcp", "udp" or "sctp"
   * @param address with its port; the address alone if its slice does not have the port
   * @param slice the EndpointSlice's name
   * @param nodeName that runs it; empty if the slice does not say
   * @param hintedZones zones that should use it
   * @param hintedNodes nodes that should use it
   * @param fate for traffic that may go to any node, as EndpointFate spells it
   * @param fateHere for traffic that must stay on this node, likewise
   * @param why the fate in words
   * @param whyHere the other fate in words; empty if the Service has no such traffic
   */
  public record Endpoint(
      String namespace,
      String service,
      String portName,
      String protocol,
      String address,
      String slice,
      String nodeName,
      List<String> hintedZones,
      List<String> hintedNodes,
      boolean ready,
      boolean serving,
      boolean terminating,
      String fate,
      String fateHere,
      String why,
      String whyHere) {

    public Endpoint {
      hintedZones = List.copyOf(hintedZones);
      hintedNodes = List.copyOf(hintedNodes);
    }
  }

  public EndpointsReport {
    endpoints = List.copyOf(endpoints);
  }

  /**
   * Reads a report.
   *
   * @throws JsonProcessingException if it is something else
   */
  public static EndpointsReport parse(String json) throws JsonProcessingException {
    return Json.parse(json, EndpointsReport.class);
  }
}
