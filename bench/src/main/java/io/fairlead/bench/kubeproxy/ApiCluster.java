package io.fairlead.bench.kubeproxy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fairlead.bench.api.ApiFailure;
import io.fairlead.bench.api.ApiServerDouble;
import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.bench.lab.TcpRelay;
import io.fairlead.bench.measure.ApiWriter;
import io.fairlead.bench.result.ProgressLines;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An API server, the double or a real one, with a namespace of its own for the Services that are
 * measured. What it made is removed when it is closed, or when the JVM ends before. Not
 * thread-safe, but for the removal.
 */
final class ApiCluster implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final InetSocketAddress DOUBLE =
      new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 6443);
  private static final int LIMIT_MILLIS = 60_000;
  private static final int MANY = 5000;

  /** The double's Node. */
  private static final String NODE =
      """
      apiVersion: v1
      kind: Node
      metadata: {name: node-1}
      spec: {podCIDR: 100.64.1.0/24, podCIDRs: [100.64.1.0/24]}
      status: {addresses: [{type: InternalIP, address: %s}]}
      """
          .formatted(ProxyNode.ADDRESS);

  private final Kubeconfig kubeconfig;
  private final TcpRelay.Server server;
  private final List<AutoCloseable> resources;
  private final String namespace = "fairlead-bench-" + HexFormat.of().toHexDigits(random(), 8);
  private final Thread atExit = new Thread(this::removeQuietly);
  private final Map<Integer, String> probes = new TreeMap<>();
  private String node;
  private ApiWriter writer;
  private boolean created;

  private ApiCluster(
      Kubeconfig kubeconfig, TcpRelay.Server server, String node, List<AutoCloseable> resources)
      throws IOException, InterruptedException {
    this.kubeconfig = kubeconfig;
    this.server = server;
    this.node = node;
    this.resources = resources;
    this.writer = connect();
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  private static long random() {
    return new SecureRandom().nextLong();
  }

  /** The double, in a network namespace of its own. Needs root. */
  static ApiCluster ofDouble() throws IOException, InterruptedException {
    LabNamespace place = LabNamespace.create("api");
    try {
      ApiServerDouble api = place.call(() -> ApiServerDouble.start(DOUBLE));
      api.allocateClusterIps();
      api.create(NODE);
      Path file = Files.createTempFile("fairlead-double-", ".kubeconfig");
      api.writeKubeconfig(file);
      Kubeconfig kubeconfig = Kubeconfig.read(file);
      Files.delete(file);
      return new ApiCluster(
          kubeconfig,
          () -> place.call(() -> TcpRelay.Server.at(DOUBLE).connect()),
          "node-1",
          List.of(api, place));
    } catch (ApiFailure e) {
      place.close();
      throw new IOException("the API server refused a Node: " + e.getMessage(), e);
    } catch (IOException | InterruptedException | RuntimeException e) {
      place.close();
      throw e;
    }
  }

  /**
   * A server that this machine reaches.
   *
   * @param node the name of a Node that exists; null for the first
   */
  static ApiCluster of(Path file, @Nullable String node) throws IOException, InterruptedException {
    Kubeconfig kubeconfig = Kubeconfig.read(file);
    ApiCluster made =
        new ApiCluster(
            kubeconfig,
            () -> TcpRelay.Server.at(kubeconfig.address()).connect(),
            node == null ? "" : node,
            List.of());
    if (node == null) {
      String list = made.writer.get("/api/v1/nodes?limit=1");
      made.node = JSON.readTree(list).at("/items/0/metadata/name").asText();
      if (made.node.isEmpty()) {
        made.close();
        throw new IOException(
            "the API server has no Node, and kube-proxy waits until there is its own; create one,"
                + " and name it with --node-name");
      }
    }
    return made;
  }

  private ApiWriter connect() throws IOException, InterruptedException {
    Socket connection = server.connect();
    connection.setTcpNoDelay(true);
    connection.setSoTimeout(LIMIT_MILLIS);
    Socket socket = kubeconfig.isTls() ? TlsClient.over(connection, kubeconfig) : connection;
    return ApiWriter.over(socket, kubeconfig.host(), kubeconfig.authorization());
  }

  /** Connects anew, after a pause that servers may have taken for the end. */
  void reconnect() throws IOException, InterruptedException {
    writer.close();
    writer = connect();
  }

  Kubeconfig kubeconfig() {
    return kubeconfig;
  }

  /** The way to it from this machine. */
  TcpRelay.Server server() {
    return server;
  }

  /** The Node that contenders take for their own. */
  String node() {
    return node;
  }

  private String services() {
    return "/api/v1/namespaces/" + namespace + "/services";
  }

  private String slices() {
    return "/apis/discovery.k8s.io/v1/namespaces/" + namespace + "/endpointslices";
  }

  /** Replaces all Services by these. */
  void publish(ProxyCluster cluster, ProgressLines progress)
      throws IOException, InterruptedException {
    reconnect();
    if (created) {
      writer.deleteAll(slices());
      writer.deleteAll(services());
    } else {
      created = true;
      writer.create(
          "/api/v1/namespaces",
          """
          {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "%s"}}
          """
              .formatted(namespace));
    }
    probes.clear();
    for (int service = 0; service < cluster.services(); service++) {
      String answer = writer.create(services(), ProxyCluster.service(namespace, service)).body();
      if (cluster.isProbe(service)) {
        probes.put(service, JSON.readTree(answer).at("/spec/clusterIP").asText());
      }
      String slice = ProxyCluster.slice(namespace, service, cluster.addresses(service));
      writer.create(slices(), slice);
      if (service % MANY == MANY - 1) {
        progress.say((service + 1) + " Services are in the API server");
      }
    }
  }

  /** The addresses of the Services that answer, by their numbers. */
  Map<Integer, String> probes() {
    return Map.copyOf(probes);
  }

  /** Gives a Service one endpoint, by a client's write over HTTP. */
  ApiWriter.Written move(int service, String endpoint) throws IOException {
    String slice = ProxyCluster.slice(namespace, service, List.of(endpoint));
    return writer.replace(slices(), ProxyCluster.name(service), slice);
  }

  private synchronized void remove() throws IOException, InterruptedException {
    if (created) {
      reconnect();
      writer.deleteAll(slices());
      writer.deleteAll(services());
      writer.delete("/api/v1/namespaces", namespace);
      created = false;
    }
  }

  /** At the end of a JVM that nobody let finish. */
  @SuppressWarnings("SystemOut") // There is nobody else to tell it to.
  private void removeQuietly() {
    try {
      remove();
    } catch (IOException | InterruptedException | RuntimeException e) {
      System.err.println("the namespace " + namespace + " was not removed: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    try {
      remove();
    } catch (IOException e) {
      throw new IllegalStateException(
          "the namespace " + namespace + " was not removed; delete it: " + e.getMessage(), e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      release();
    }
  }

  private void release() {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException _) {
      // The JVM ends already, and the hook finds nothing to do.
    }
    writer.close();
    for (AutoCloseable resource : resources) {
      try {
        resource.close();
      } catch (Exception e) {
        throw new IllegalStateException("closing the API server failed", e);
      }
    }
  }
}
