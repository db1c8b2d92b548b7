package io.fairlead.agent.conformance;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A network configuration list, and what a runtime makes of it for each plugin (specification,
 * section 3, "Deriving request configuration from plugin configuration").
 *
 * @param plugins in the order of ADD; never changed
 */
record NetworkList(String name, String cniVersion, List<ObjectNode> plugins) {

  static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  NetworkList {
    plugins = List.copyOf(plugins);
  }

  /**
   * Reads a .conflist, or a .conf with a single plugin.
   *
   * @throws IOException with a sentence that names what is wrong with it
   */
  static NetworkList read(Path file) throws IOException {
    try {
      return parse(Files.readString(file));
    } catch (IOException e) {
      throw new IOException(
          "the network configuration " + file + " cannot be used: " + e.getMessage(), e);
    }
  }

  static NetworkList parse(String text) throws IOException {
    JsonNode json = JSON.readTree(text);
    List<ObjectNode> plugins = new ArrayList<>();
    if (json.path("plugins").isArray()) {
      for (JsonNode plugin : json.path("plugins")) {
        plugins.add(asObject(plugin));
      }
    } else {
      plugins.add(asObject(json));
    }
    String name = json.path("name").asText();
    if (name.isEmpty() || plugins.isEmpty()) {
      throw new IOException("it has no \"name\", or no \"plugins\"");
    }
    for (ObjectNode plugin : plugins) {
      if (plugin.path("type").asText().isEmpty()) {
        throw new IOException("a plugin of it has no \"type\"");
      }
    }
    return new NetworkList(name, json.path("cniVersion").asText("0.1.0"), plugins);
  }

  private static ObjectNode asObject(JsonNode json) throws IOException {
    if (json instanceof ObjectNode object) {
      return object;
    }
    throw new IOException("it is not a JSON object, or holds a plugin that is none");
  }

  NetworkList withVersion(String version) {
    return new NetworkList(name, version, plugins);
  }

  NetworkList withName(String other) {
    return new NetworkList(other, cniVersion, plugins);
  }

  /**
   * What a plugin gets on stdin: its configuration with the list's name and version, the result of
   * the plugins before it, and of what the runtime offers all that the plugin declares to be
   * capable of.
   *
   * @param offered values by the name of their capability
   */
  ObjectNode derive(ObjectNode plugin, @Nullable JsonNode previous, ObjectNode offered) {
    ObjectNode derived = plugin.deepCopy();
    derived.put("cniVersion", cniVersion);
    derived.put("name", name);
    ObjectNode runtimeConfig = JSON.createObjectNode();
    offered
        .properties()
        .forEach(value -> {
          if (declares(plugin, value.getKey())) {
            runtimeConfig.set(value.getKey(), value.getValue());
          }
        });
    if (!runtimeConfig.isEmpty()) {
      derived.set("runtimeConfig", runtimeConfig);
    }
    if (previous != null) {
      derived.set("prevResult", previous);
    }
    return derived;
  }

  static boolean declares(ObjectNode plugin, String capability) {
    return plugin.path("capabilities").path(capability).asBoolean();
  }

  /** The list as a file would hold it, in one line. */
  String text() {
    ObjectNode json = JSON.createObjectNode();
    json.put("cniVersion", cniVersion).put("name", name);
    plugins.forEach(json.putArray("plugins")::add);
    return json.toString();
  }
}
