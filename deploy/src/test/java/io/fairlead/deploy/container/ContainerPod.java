package io.fairlead.deploy.container;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.bench.lab.EchoServer;
import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.bench.lab.ProgramOutput;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.GenericContainer;

/**
 * A pod: a container without a network, attached as a container runtime does it, by executing the
 * binary that fairlead installed with the configuration that fairlead installed.
 */
final class ContainerPod implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int TRY_AGAIN = 11;
  private static final Path CONFIGURATION = Path.of("/etc/cni/net.d/10-fairlead.conflist");
  private static final Path BINARY = Path.of("/opt/cni/bin/fairlead");

  private final Machine machine;
  private final String name;
  private final GenericContainer<?> container;
  private final LabNamespace namespace;
  private final InetAddress address;
  private @Nullable EchoServer server;

  private ContainerPod(
      Machine machine,
      String name,
      GenericContainer<?> container,
      LabNamespace namespace,
      InetAddress address) {
    this.machine = machine;
    this.name = name;
    this.container = container;
    this.namespace = namespace;
    this.address = address;
  }

  /** Starts one and attaches it, trying again as long as it is told to. */
  static ContainerPod start(Engine engine, Machine machine, String name)
      throws IOException, InterruptedException {
    GenericContainer<?> container = Pause.container().withNetworkMode("none");
    container.start();
    LabNamespace namespace = Machine.namespace(engine, name, container);
    JsonNode result = add(machine, name, container, namespace);
    String address = result.path("ips").path(0).path("address").asText().replaceFirst("/.*", "");
    return new ContainerPod(machine, name, container, namespace, InetAddress.ofLiteral(address));
  }

  private static JsonNode add(
      Machine machine, String name, GenericContainer<?> container, LabNamespace namespace)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      ProgramOutput output = execute("ADD", machine, name, container, namespace);
      JsonNode result = JSON.readTree(output.out());
      if (output.exit() == 0) {
        return result;
      }
      if (result.path("code").asInt() != TRY_AGAIN || System.nanoTime() > end) {
        throw new IOException("ADD of " + name + ": " + output.out() + output.error());
      }
    }
  }

  private static ProgramOutput execute(
      String command,
      Machine machine,
      String name,
      GenericContainer<?> container,
      LabNamespace namespace)
      throws IOException, InterruptedException {
    JsonNode list = JSON.readTree(machine.host(CONFIGURATION).toFile());
    ObjectNode plugin = list.path("plugins").path(0).deepCopy();
    plugin.put("cniVersion", list.path("cniVersion").asText());
    plugin.put("name", list.path("name").asText());
    Map<String, String> environment =
        Map.of(
            "CNI_COMMAND", command,
            "CNI_CONTAINERID", container.getContainerId(),
            "CNI_NETNS", namespace.path().toString(),
            "CNI_IFNAME", "eth0",
            "CNI_PATH", machine.host("/opt/cni/bin").toString(),
            "CNI_ARGS", "IgnoreUnknown=1;K8S_POD_NAMESPACE=default;K8S_POD_NAME=" + name,
            // Of the test's machine; on a host they are where the configuration says.
            "FAIRLEAD_CNI_SOCKET", machine.host("/run/fairlead/cni.sock").toString(),
            "FAIRLEAD_CNI_QUEUE", machine.host("/var/lib/fairlead/cni-deletes").toString());
    return Execution.of(
        machine.namespace(), machine.host(BINARY), environment, JSON.writeValueAsString(plugin));
  }

  String name() {
    return name;
  }

  Machine machine() {
    return machine;
  }

  InetAddress address() {
    return address;
  }

  LabNamespace namespace() {
    return namespace;
  }

  /** An endpoint of this pod. */
  InetSocketAddress at(int port) {
    return new InetSocketAddress(address, port);
  }

  /** Answers TCP and UDP with the pod's name. */
  ContainerPod serve(int port) throws IOException, InterruptedException {
    server = EchoServer.start(namespace, name, new InetSocketAddress(port));
    return this;
  }

  /** Detaches and ends it. */
  @Override
  public void close() throws IOException {
    try {
      ProgramOutput output = execute("DEL", machine, name, container, namespace);
      if (output.exit() != 0) {
        throw new IOException("DEL of " + name + ": " + output.out() + output.error());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      abandon();
    }
  }

  /** Ends it without telling anybody. */
  void abandon() {
    if (server != null) {
      server.close();
    }
    namespace.close();
    container.stop();
  }

  /** Whether its host has the configuration, without which no runtime starts a pod. */
  static boolean canStart(Machine machine) {
    return Files.exists(machine.host(CONFIGURATION));
  }
}
