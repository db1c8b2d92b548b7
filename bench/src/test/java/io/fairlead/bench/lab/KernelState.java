package io.fairlead.bench.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * What a node's kernel holds, as lines that are equal for equal states: without MAC addresses,
 * handles and counters, with the elements of sets in order.
 */
final class KernelState {

  private static final ObjectMapper JSON = new ObjectMapper();

  private KernelState() {}

  static List<String> lines(Node node) throws IOException, InterruptedException {
    LabNamespace namespace = node.namespace();
    List<String> lines = new ArrayList<>();
    for (JsonNode object :
        JSON.readTree(namespace.run("nft", "-j", "-s", "list", "ruleset")).path("nftables")) {
      if (!object.has("metainfo")) {
        lines.add("nft " + canonical(object));
      }
    }
    add(lines, "route ", namespace.run("ip", "route"));
    add(lines, "neighbour ", namespace.run("ip", "neighbour", "show", "nud", "permanent"));
    add(lines, "forwarding ", namespace.run("bridge", "fdb", "show"));
    return lines;
  }

  private static void add(List<String> lines, String kind, String output) {
    output
        .lines()
        .filter(line -> !kind.equals("forwarding ") || line.contains(" dst "))
        .map(line -> kind + line.strip().replaceAll("([0-9a-f]{2}:){5}[0-9a-f]{2}", "MAC"))
        .sorted()
        .forEach(lines::add);
  }

  private static JsonNode canonical(JsonNode node) {
    if (node instanceof ObjectNode object) {
      ObjectNode copy = JSON.createObjectNode();
      for (var field : object.properties()) {
        if (!field.getKey().equals("handle")) {
          JsonNode value = canonical(field.getValue());
          copy.set(field.getKey(), field.getKey().equals("elem") ? sorted(value) : value);
        }
      }
      return copy;
    }
    if (node instanceof ArrayNode array) {
      ArrayNode copy = JSON.createArrayNode();
      array.forEach(element -> copy.add(canonical(element)));
      return copy;
    }
    return node;
  }

  private static JsonNode sorted(JsonNode elements) {
    ArrayNode copy = JSON.createArrayNode();
    StreamSupport.stream(elements.spliterator(), false)
        .sorted(Comparator.comparing(JsonNode::toString))
        .forEach(copy::add);
    return copy;
  }
}
