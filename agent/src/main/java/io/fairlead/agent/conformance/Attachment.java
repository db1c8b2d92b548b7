package io.fairlead.agent.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * One attachment of a container as the runtime knows it.
 *
 * @param pod the container's namespace
 * @param offered values for capabilities, by their names
 * @param result what ADD answered; null before
 */
record Attachment(
    NetworkList network,
    String containerId,
    Sandbox pod,
    String netns,
    String interfaceName,
    String arguments,
    ObjectNode offered,
    @Nullable JsonNode result) {

  Attachment withResult(@Nullable JsonNode value) {
    return new Attachment(
        network, containerId, pod, netns, interfaceName, arguments, offered, value);
  }

  Attachment withInterface(String name) {
    return new Attachment(network, containerId, pod, netns, name, arguments, offered, null);
  }

  Attachment withNetns(String path) {
    return new Attachment(
        network, containerId, pod, path, interfaceName, arguments, offered, result);
  }

  Attachment withArguments(String text) {
    return new Attachment(network, containerId, pod, netns, interfaceName, text, offered, result);
  }

  Attachment in(NetworkList other) {
    return new Attachment(
        other, containerId, pod, netns, interfaceName, arguments, offered, result);
  }

  /** Offers a value for a capability. */
  Attachment offering(String capability, JsonNode value) {
    ObjectNode all = offered.deepCopy();
    all.set(capability, value);
    return new Attachment(network, containerId, pod, netns, interfaceName, arguments, all, result);
  }

  /** What it got, after ADD. */
  Result attached() throws Unmet {
    JsonNode json = result;
    if (json == null) {
      throw new Unmet("ADD gave no result");
    }
    return Result.read(json);
  }
}
