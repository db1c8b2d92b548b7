package io.fairlead.agent.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is to be judged.
 *
 * @param binary the plugin's file; its folder is where other plugins of the list are looked for
 * @param networkFile a .conf or .conflist that uses it, or null for one that is generated
 * @param agentCommand how an agent of fairlead is started, up to its flags; empty if the plugin
 *     needs none
 */
public record Subject(Path binary, @Nullable Path networkFile, List<String> agentCommand) {

  public Subject {
    binary = binary.toAbsolutePath().normalize();
    agentCommand = List.copyOf(agentCommand);
  }

  /** What "type" says of it. */
  String type() {
    return String.valueOf(binary.getFileName());
  }

  boolean hasAgent() {
    return !agentCommand.isEmpty();
  }

  /**
   * The network it is driven with.
   *
   * @param folder where the plugin may keep its state
   * @throws IOException with a sentence if there is none that suits it
   */
  NetworkList network(Path folder) throws IOException {
    if (!Files.isExecutable(binary)) {
      throw new IOException("the plugin " + binary + " is not a program that can be executed");
    }
    Path file = networkFile;
    NetworkList network = file != null ? NetworkList.read(file) : GeneratedNetwork.of(this, folder);
    if (network.plugins().stream().noneMatch(plugin -> isPlugin(plugin.path("type").asText()))) {
      throw new IOException(
          "the network configuration does not use the plugin: no \"type\" of it is \""
              + type()
              + "\"");
    }
    return network;
  }

  /**
   * Variables by which the plugin finds its agent, whatever its configuration says.
   *
   * @param folder where the agent keeps everything
   */
  Map<String, String> variables(Path folder) {
    return hasAgent()
        ? Map.of(
            "FAIRLEAD_CNI_SOCKET",
            NodeAgent.socket(folder).toString(),
            "FAIRLEAD_CNI_QUEUE",
            NodeAgent.queue(folder).toString())
        : Map.of();
  }

  boolean isPlugin(String type) {
    return type.equals(type());
  }
}
