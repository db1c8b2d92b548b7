package io.fairlead.agent.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;

/** What {@code GET /nodes} of the admin socket answers, as JSON with these names. */
public record NodesReport(String node, String overlay, List<Node> nodes) {

  /**
   * A node, and how its pods are reached from this one.
   *
   * @param vtepMac of its VXLAN device, as this node sends to it; empty if it does not
   * @param zone empty if it is in none
   * @param way "local", "vxlan via ADDRESS", "host-gw via ADDRESS", "none", with "flannel, " before
   *     it if that runs there
   * @param problems what keeps its pods from being reached
   */
  public record Node(
      String name,
      List<String> addresses,
      List<String> podCidrs,
      String vtepMac,
      String zone,
      String way,
      List<String> problems) {

    public Node {
      addresses = List.copyOf(addresses);
      podCidrs = List.copyOf(podCidrs);
      problems = List.copyOf(problems);
    }
  }

  public NodesReport {
    nodes = List.copyOf(nodes);
  }

  /**
   * Reads a report.
   *
   * @throws JsonProcessingException if it is something else
   */
  public static NodesReport parse(String json) throws JsonProcessingException {
    return Json.parse(json, NodesReport.class);
  }
}
