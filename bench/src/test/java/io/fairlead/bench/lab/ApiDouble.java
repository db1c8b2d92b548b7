package io.fairlead.bench.lab;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesMixedDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.ServerRequest;
import io.fabric8.mockwebserver.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** An API server over HTTP on this JVM's loopback, which nodes of a lab reach through relays. */
final class ApiDouble implements AutoCloseable {

  private static final int PORT_ON_NODES = 6443;

  /** Kept, since the logging manager does not keep loggers that nobody refers to. */
  private static final Logger NOISE = Logger.getLogger("io.fabric8.mockwebserver.MockWebServer");

  private final Map<ServerRequest, Queue<ServerResponse>> script = new HashMap<>();
  private final KubernetesMockServer server =
      new KubernetesMockServer(
          new Context(), new MockWebServer(), script, new KubernetesMixedDispatcher(script), false);

  ApiDouble() {
    NOISE.setLevel(Level.WARNING);
    server.init(InetAddress.getLoopbackAddress(), 0);
  }

  /** Lets a node reach the server where {@link #kubeconfig} says. */
  TcpRelay relay(Node node) throws IOException, InterruptedException {
    return TcpRelay.start(node.namespace(), PORT_ON_NODES, server.getPort());
  }

  /** What the API server is called on the nodes. */
  static String url() {
    return "http://127.0.0.1:" + PORT_ON_NODES;
  }

  /** Writes a kubeconfig for the nodes to {@code file}. */
  static Path kubeconfig(Path file) throws IOException {
    return Files.writeString(
        file,
        """
        apiVersion: v1
        kind: Config
        current-context: lab
        clusters: [{name: lab, cluster: {server: "%s"}}]
        users: [{name: agent, user: {}}]
        contexts: [{name: lab, context: {cluster: lab, user: agent}}]
        """
            .formatted(url()));
  }

  /** Creates every object of a folder of manifests. */
  void create(Path manifests) throws IOException {
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl("http://127.0.0.1:" + server.getPort())
            .build();
    try (KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build();
        Stream<Path> files = Files.list(manifests)) {
      for (Path file : files.toList()) {
        try (InputStream yaml = Files.newInputStream(file)) {
          client.load(yaml).create();
        }
      }
    }
  }

  @Override
  public void close() {
    server.destroy();
  }
}
