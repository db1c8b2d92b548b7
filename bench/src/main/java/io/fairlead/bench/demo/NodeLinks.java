package io.fairlead.bench.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fairlead.bench.lab.Node;
import java.io.IOException;

/** What a node's kernel says of its way to other nodes. */
final class NodeLinks {

  private static final ObjectMapper JSON = new ObjectMapper();

  private NodeLinks() {}

  /** Packets that the node has sent through VXLAN devices; 0 if it has none. */
  static long vxlanPackets(Node node) throws IOException, InterruptedException {
    long packets = 0;
    for (JsonNode link :
        JSON.readTree(node.namespace().run("ip", "-j", "-s", "link", "show", "type", "vxlan"))) {
      packets += link.path("stats64").path("tx").path("packets").asLong();
    }
    return packets;
  }

  /** The device by which {@code from} reaches the pods of {@code to}; empty if it cannot. */
  static String deviceTowards(Node from, Node to) throws IOException, InterruptedException {
    JsonNode routes =
        JSON.readTree(from.namespace().run("ip", "-j", "route", "show", to.podCidrs().getFirst()));
    return routes.path(0).path("dev").asText();
  }
}
