package io.fairlead.agent.install;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.agent.config.AgentConfiguration;
import io.fairlead.agent.config.ConfigurationKey;
import io.fairlead.cni.protocol.CniVersion;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The CNI configuration that container runtimes read: a network configuration list (CNI
 * specification 1.1.0, section 1), called conflist by its file name. Pure functions.
 */
final class NetworkList {

  static final String PLUGIN = "fairlead";

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  /** What a runtime may pass along; a capability that is not declared is not passed. */
  private static final List<String> CAPABILITIES =
      List.of(
          "portMappings",
          "bandwidth",
          "ips",
          "ipRanges",
          "mac",
          "dns",
          "aliases",
          "io.kubernetes.cri.pod-annotations");

  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9_.-]*";

  private NetworkList() {}

  /**
   * One that suits an agent. A runtime that knows "cniVersions" takes the newest of them, with GC
   * and STATUS; an older one reads "cniVersion" alone, and would refuse 1.1.0.
   */
  static String of(AgentConfiguration configuration) {
    ObjectNode list = JSON.createObjectNode();
    list.put("cniVersion", CniVersion.V1_0_0.text());
    list.putArray("cniVersions").add(CniVersion.V1_0_0.text()).add(CniVersion.V1_1_0.text());
    list.put("name", PLUGIN);
    ObjectNode plugin = list.putArray("plugins").addObject().put("type", PLUGIN);
    Path socket = configuration.cniSocket();
    if (!socket.equals(Path.of(ConfigurationKey.CNI_SOCKET.defaultValue()))) {
      plugin.put("socket", socket.toString());
    }
    Path state = configuration.stateDirectory();
    if (!state.equals(Path.of(ConfigurationKey.STATE_DIR.defaultValue()))) {
      plugin.put("queue", state.resolve("cni-deletes").toString());
    }
    ObjectNode capabilities = plugin.putObject("capabilities");
    CAPABILITIES.forEach(capability -> capabilities.put(capability, true));
    return list.toPrettyString() + "\n";
  }

  /** Why {@code text} is no list that a runtime can attach pods with; empty if it is one. */
  static Optional<String> problem(String text) {
    JsonNode list;
    try {
      list = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return Optional.of(
          "line "
              + e.getLocation().getLineNr()
              + " is not JSON: "
              + e.getOriginalMessage().replaceAll("\\s+", " "));
    }
    if (!list.isObject()) {
      return Optional.of("it is not a JSON object");
    }
    if (list.has("type") && !list.has("plugins")) {
      return Optional.of(
          "it configures one plugin; put that into a list: {\"cniVersion\": \"1.0.0\", \"name\":"
              + " \"fairlead\", \"plugins\": [...]}");
    }
    String name = list.path("name").asText();
    if (!name.matches(NAME)) {
      return Optional.of(
          list.has("name")
              ? "its name \"" + name + "\" is invalid; letters, digits, _ . - are allowed"
              : "it has no \"name\"; add one, such as \"fairlead\"");
    }
    return version(list).or(() -> plugins(list));
  }

  private static Optional<String> version(JsonNode list) {
    String version = list.path("cniVersion").asText();
    return Arrays.stream(CniVersion.values()).anyMatch(known -> known.text().equals(version))
        ? Optional.empty()
        : Optional.of(
            (version.isEmpty()
                    ? "it has no \"cniVersion\""
                    : "its cniVersion \"" + version + "\" is not supported")
                + "; use one of "
                + Arrays.stream(CniVersion.values())
                    .map(CniVersion::text)
                    .collect(Collectors.joining(", ")));
  }

  private static Optional<String> plugins(JsonNode list) {
    JsonNode plugins = list.path("plugins");
    if (!plugins.isArray() || plugins.isEmpty()) {
      return Optional.of("it has no \"plugins\"; list {\"type\": \"fairlead\"} first there");
    }
    for (JsonNode plugin : plugins) {
      if (plugin.path("type").asText().isEmpty()) {
        return Optional.of("one of its plugins has no \"type\"");
      }
    }
    String first = plugins.path(0).path("type").asText();
    return first.equals(PLUGIN)
        ? Optional.empty()
        : Optional.of(
            "its first plugin is \""
                + first
                + "\"; \"fairlead\" must be first, since it makes the interface");
  }
}
