package io.fairlead.agent.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A node on which a plugin is tried out: what obligations work with. Attachments and namespaces
 * made through it are removed by {@link #clear}. Thread-safe where it says so.
 */
final class Testbed implements AutoCloseable {

  /** In this time a plugin that answered DEL before all was done must have finished. */
  private static final Duration SETTLING = Duration.ofSeconds(5);

  private static final int SHOWN = 6;

  private final TestNode machine;
  private final Versions versions;
  private final NetworkList network;
  private final ContainerRuntime runtime;
  private final NodeState baseline;
  private final List<Attachment> attached = Collections.synchronizedList(new ArrayList<>());
  private final List<Sandbox> pods = Collections.synchronizedList(new ArrayList<>());

  private Testbed(TestNode machine, Versions versions, NodeState baseline) {
    this.machine = machine;
    this.versions = versions;
    this.network = versions.best(machine.network());
    this.runtime = machine.runtime();
    this.baseline = baseline;
  }

  /** Tries an attachment once, so that what stays on a node after the first pod is known. */
  static Testbed open(TestNode machine, Versions versions)
      throws IOException, InterruptedException {
    Testbed first = new Testbed(machine, versions, machine.state());
    try {
      first.attach();
    } catch (Unmet e) {
      // Every obligation that needs an attachment will say so.
      return first;
    } finally {
      first.clear();
    }
    Waiting.until(SETTLING, () -> !NodeState.hasPodLinks(machine.node()));
    return new Testbed(machine, versions, machine.state());
  }

  Sandbox node() {
    return machine.node();
  }

  Sandbox outside() {
    return machine.outside();
  }

  ContainerRuntime runtime() {
    return runtime;
  }

  NetworkList network() {
    return network;
  }

  /** The network in another version. Requires that the plugin says that it supports it. */
  NetworkList network(String version) throws Unmet {
    versions.require(version);
    return network.withVersion(version);
  }

  /** The configuration of the plugin that is judged, as its file has it. */
  ObjectNode plugin() {
    return runtime.plugin(network);
  }

  /** The agent that the plugin needs. */
  NodeAgent agent() throws Inapplicable {
    NodeAgent agent = machine.agent();
    if (agent == null) {
      throw new Inapplicable("the plugin works without an agent");
    }
    return agent;
  }

  /** Waits until the plugin and its agent are ready, for half a minute at most. */
  void waitReady() throws IOException, InterruptedException {
    machine.waitReady(versions);
  }

  /** A container with a namespace of its own that nothing was attached to yet. Thread-safe. */
  Attachment container() throws IOException {
    Sandbox pod = Sandbox.create("pod");
    pods.add(pod);
    String id = UUID.randomUUID().toString().replace("-", "").repeat(2);
    return new Attachment(
        network,
        id,
        pod,
        pod.path().toString(),
        "eth0",
        arguments(id),
        NetworkList.JSON.createObjectNode(),
        null);
  }

  /** What a kubelet has runtimes say of a pod. */
  private static String arguments(String id) {
    return "IgnoreUnknown=1;K8S_POD_NAMESPACE=default;K8S_POD_NAME=pod-"
        + id.substring(0, 8)
        + ";K8S_POD_INFRA_CONTAINER_ID="
        + id
        + ";K8S_POD_UID="
        + UUID.randomUUID();
  }

  /** Attaches a new container, which must succeed. Thread-safe. */
  Attachment attach() throws IOException, InterruptedException, Unmet {
    return attach(container());
  }

  /** ADD, which must succeed. Thread-safe. */
  Attachment attach(Attachment attachment) throws IOException, InterruptedException, Unmet {
    return attach(attachment, Gate.open());
  }

  /** ADD behind a gate, which must succeed. Thread-safe. */
  Attachment attach(Attachment attachment, Gate gate)
      throws IOException, InterruptedException, Unmet {
    attached.add(attachment);
    JsonNode result = runtime.add(attachment, gate).object();
    Attachment done = attachment.withResult(result);
    attached.remove(attachment);
    attached.add(done);
    return done;
  }

  /** ADD that may fail. Thread-safe. */
  Answer add(Attachment attachment) throws IOException, InterruptedException, Unmet {
    attached.add(attachment);
    return runtime.add(attachment);
  }

  /** DEL, whatever becomes of it. Thread-safe. */
  Answer delete(Attachment attachment) throws IOException, InterruptedException, Unmet {
    return runtime.delete(attachment);
  }

  /** DEL that must succeed. Thread-safe. */
  void detach(Attachment attachment) throws IOException, InterruptedException, Unmet {
    delete(attachment).succeededSilently();
    attached.remove(attachment);
  }

  /**
   * A request about an attachment to the plugin that is judged, with the result of ADD if there is
   * one and the command is not ADD.
   */
  Call call(String command, Attachment attachment) throws IOException {
    attached.add(attachment);
    @Nullable JsonNode previous = command.equals("ADD") ? null : attachment.result();
    ObjectNode config = attachment.network().derive(plugin(), previous, attachment.offered());
    return runtime.call(command, plugin(), config.toString()).about(attachment);
  }

  /** What is on the node beyond what was there before, after the time that a plugin may take. */
  Set<String> residue() throws IOException, InterruptedException {
    Waiting.until(SETTLING, () -> machine.state().beyond(baseline).isEmpty());
    return machine.state().beyond(baseline);
  }

  /** Requires that nothing is left. */
  void requireNoResidue(String after) throws IOException, InterruptedException, Unmet {
    Set<String> left = residue();
    String some = left.stream().limit(SHOWN).collect(Collectors.joining("; "));
    Unmet.require(
        left.isEmpty(),
        after
            + " "
            + left.size()
            + " things stay: "
            + some
            + (left.size() > SHOWN ? "; and others" : ""));
  }

  /**
   * Removes all attachments and namespaces.
   *
   * @return whether the node is as before, so that it can be used on
   */
  boolean clear() throws IOException, InterruptedException {
    for (Attachment each : List.copyOf(attached)) {
      try {
        runtime.delete(each);
      } catch (Unmet e) {
        // Whether DEL works is told by other obligations; here the node is thrown away then.
        break;
      }
    }
    attached.clear();
    pods.forEach(Sandbox::close);
    pods.clear();
    NodeAgent agent = machine.agent();
    return residue().isEmpty() && (agent == null || agent.isRunning());
  }

  /** Where the plugin's own state may be. */
  Path folder() {
    return machine.folder();
  }

  @Override
  public void close() throws IOException {
    pods.forEach(Sandbox::close);
    machine.close();
  }
}
