package io.fairlead.bench.lab;

import io.fairlead.bench.api.ApiFailure;
import io.fairlead.bench.api.ApiServerDouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** An API server over HTTP on this JVM's loopback, which nodes of a lab reach through relays. */
public final class ApiDouble implements AutoCloseable {

  private static final int PORT_ON_NODES = 6443;

  private final ApiServerDouble server;

  /** Starts the server; it has no objects yet. */
  public ApiDouble() throws IOException {
    server = ApiServerDouble.start();
  }

  /** The server itself, to change what is in it and how it behaves. */
  public ApiServerDouble server() {
    return server;
  }

  /** Lets a node reach the server where {@link #kubeconfig} says. */
  public TcpRelay relay(Node node) throws IOException, InterruptedException {
    return TcpRelay.start(node.namespace(), PORT_ON_NODES, server.uri().getPort());
  }

  /** What the API server is called on the nodes. */
  public static String url() {
    return "http://127.0.0.1:" + PORT_ON_NODES;
  }

  /** Writes a kubeconfig for the nodes to {@code file}. */
  public static Path kubeconfig(Path file) throws IOException {
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
  public void create(Path manifests) throws IOException, ApiFailure {
    try (Stream<Path> files = Files.list(manifests)) {
      for (Path file : files.toList()) {
        server.apply(Files.readString(file));
      }
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
