package io.fairlead.agent.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A request to one plugin: its variables and its stdin, which may be spoilt before it is executed.
 * Each method that changes something returns this.
 */
final class Call {

  private final Sandbox node;
  private final Path binary;
  private final Map<String, String> variables = new TreeMap<>();
  private String what;
  private String stdin;
  private Gate gate = Gate.open();

  Call(Sandbox node, Path binary, String command, String stdin) {
    this.node = node;
    this.binary = binary;
    this.what = command;
    this.stdin = stdin;
    with("CNI_COMMAND", command);
    with("CNI_PATH", String.valueOf(binary.getParent()));
  }

  /** About an attachment. */
  Call about(Attachment attachment) {
    with("CNI_CONTAINERID", attachment.containerId());
    with("CNI_NETNS", attachment.netns());
    with("CNI_IFNAME", attachment.interfaceName());
    return with("CNI_ARGS", attachment.arguments());
  }

  /** Sets a variable, or removes it. */
  Call with(String variable, @Nullable String value) {
    if (value == null) {
      variables.remove(variable);
    } else {
      variables.put(variable, value);
    }
    return this;
  }

  Call stdin(String text) {
    stdin = text;
    return this;
  }

  /** Changes one key of the configuration on stdin, or removes it. */
  Call config(String key, @Nullable JsonNode value) throws IOException {
    ObjectNode json = (ObjectNode) NetworkList.JSON.readTree(stdin);
    if (value == null) {
      json.remove(key);
    } else {
      json.set(key, value);
    }
    return stdin(json.toString());
  }

  Call config(String key, String value) throws IOException {
    return config(key, NetworkList.JSON.getNodeFactory().textNode(value));
  }

  /** How messages call it, for example "ADD without CNI_NETNS". */
  Call named(String text) {
    what = text;
    return this;
  }

  /** Holds its input back. */
  Call behind(Gate other) {
    gate = other;
    return this;
  }

  /** Executes it to its end. */
  Answer run() throws IOException, InterruptedException, Unmet {
    try (Execution execution = start()) {
      return execution.finish();
    }
  }

  /** Executes it; the caller closes what it gets. */
  Execution start() throws IOException {
    return Execution.start(node, what, binary.toString(), variables, stdin, gate);
  }
}
