package io.fairlead.agent.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The versions of the protocol that a plugin says it speaks.
 *
 * @param supported as VERSION answered; empty if it did not
 */
record Versions(List<String> supported) {

  static final String LATEST = "1.1.0";

  /** All that were released, oldest first. */
  static final List<String> RELEASED =
      List.of("0.1.0", "0.2.0", "0.3.0", "0.3.1", "0.4.0", "1.0.0", LATEST);

  Versions {
    supported = List.copyOf(supported);
  }

  static Versions ask(ContainerRuntime runtime, NetworkList network)
      throws IOException, InterruptedException {
    List<String> supported = new ArrayList<>();
    try {
      JsonNode answer =
          runtime
              .about("VERSION", network)
              .stdin("{\"cniVersion\":\"" + LATEST + "\"}")
              .run()
              .object();
      answer.path("supportedVersions").forEach(version -> supported.add(version.asText()));
    } catch (Unmet e) {
      return new Versions(List.of());
    }
    return new Versions(supported);
  }

  /** The version of the list, or the latest that the plugin speaks if it does not speak that. */
  NetworkList best(NetworkList network) {
    if (supported.contains(network.cniVersion())) {
      return network;
    }
    return RELEASED.reversed().stream()
        .filter(supported::contains)
        .findFirst()
        .map(network::withVersion)
        .orElse(network);
  }

  boolean has(String version) {
    return supported.contains(version);
  }

  void require(String version) throws Unmet {
    Unmet.require(
        has(version),
        "CNI " + version + " is not among the versions that it supports: " + supported);
  }
}
