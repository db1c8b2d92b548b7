package io.fairlead.agent.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Executes network configurations as the specification's section 3 asks of a runtime, and as
 * containerd does: all plugins of a list in order for ADD and CHECK, in reverse order for DEL, each
 * with the result of the one before it.
 */
final class ContainerRuntime {

  private final Sandbox node;
  private final Subject subject;
  private final Map<String, String> variables;

  ContainerRuntime(Sandbox node, Subject subject, Map<String, String> variables) {
    this.node = node;
    this.subject = subject;
    this.variables = Map.copyOf(variables);
  }

  /** A request to one plugin of the list. */
  Call call(String command, ObjectNode plugin, String stdin) throws IOException {
    Call call = new Call(node, binary(plugin.path("type").asText()), command, stdin);
    variables.forEach(call::with);
    return call;
  }

  private Path binary(String type) throws IOException {
    if (subject.isPlugin(type)) {
      return subject.binary();
    }
    Path binary = subject.binary().resolveSibling(type);
    if (!Files.isExecutable(binary)) {
      throw new IOException("the list needs the plugin " + type + ", but there is no " + binary);
    }
    return binary;
  }

  /** The plugin that is judged. */
  ObjectNode plugin(NetworkList network) {
    return network.plugins().stream()
        .filter(plugin -> subject.isPlugin(plugin.path("type").asText()))
        .findFirst()
        .orElseThrow();
  }

  /** ADD by all plugins; the answer of the last, or of the first that failed. */
  Answer add(Attachment attachment) throws IOException, InterruptedException, Unmet {
    return add(attachment, Gate.open());
  }

  /** As {@link #add}; the input of the first plugin is held back by {@code gate}. */
  Answer add(Attachment attachment, Gate gate) throws IOException, InterruptedException, Unmet {
    Answer answer = null;
    JsonNode previous = null;
    for (ObjectNode plugin : attachment.network().plugins()) {
      answer = execute("ADD", attachment, plugin, previous, answer == null ? gate : Gate.open());
      if (!answer.isSuccess()) {
        return answer;
      }
      previous = answer.object();
    }
    return required(answer);
  }

  /** CHECK by all plugins, each with the final result. */
  Answer check(Attachment attachment) throws IOException, InterruptedException, Unmet {
    return each("CHECK", attachment, attachment.network().plugins());
  }

  /** DEL by all plugins in reverse order, with the final result if there is one. */
  Answer delete(Attachment attachment) throws IOException, InterruptedException, Unmet {
    return each("DEL", attachment, attachment.network().plugins().reversed());
  }

  private Answer each(String command, Attachment attachment, List<ObjectNode> plugins)
      throws IOException, InterruptedException, Unmet {
    Answer answer = null;
    for (ObjectNode plugin : plugins) {
      answer = execute(command, attachment, plugin, attachment.result(), Gate.open());
      if (!answer.isSuccess()) {
        return answer;
      }
    }
    return required(answer);
  }

  private static Answer required(@Nullable Answer answer) {
    if (answer == null) {
      throw new IllegalStateException("a network list holds at least one plugin");
    }
    return answer;
  }

  private Answer execute(
      String command,
      Attachment attachment,
      ObjectNode plugin,
      @Nullable JsonNode previous,
      Gate gate)
      throws IOException, InterruptedException, Unmet {
    ObjectNode config = attachment.network().derive(plugin, previous, attachment.offered());
    return call(command, plugin, config.toString()).about(attachment).behind(gate).run();
  }

  /** A request of STATUS, GC or VERSION to the plugin that is judged. */
  Call about(String command, NetworkList network) throws IOException {
    ObjectNode plugin = plugin(network);
    return call(
        command,
        plugin,
        network.derive(plugin, null, NetworkList.JSON.createObjectNode()).toString());
  }

  /** GC that keeps {@code valid}, listed under the keys of 1.1.0 and of its drafts, as libcni. */
  Call collectGarbage(NetworkList network, Collection<Attachment> valid) throws IOException {
    ArrayNode list = list(valid);
    return about("GC", network)
        .config("cni.dev/valid-attachments", list)
        .config("cni.dev/attachments", list);
  }

  static ArrayNode list(Collection<Attachment> attachments) {
    ArrayNode list = NetworkList.JSON.createArrayNode();
    for (Attachment each : attachments) {
      list.addObject().put("containerID", each.containerId()).put("ifname", each.interfaceName());
    }
    return list;
  }
}
