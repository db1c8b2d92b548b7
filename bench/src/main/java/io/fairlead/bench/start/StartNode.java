package io.fairlead.bench.start;

import io.fairlead.bench.api.ApiFailure;
import io.fairlead.bench.api.ApiPods;
import io.fairlead.bench.api.ApiServerDouble;
import io.fairlead.bench.lab.Distribution;
import io.fairlead.bench.lab.Lab;
import io.fairlead.bench.lab.LabOptions;
import io.fairlead.bench.lab.Manifests;
import io.fairlead.bench.lab.Node;
import io.fairlead.bench.lab.Pod;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A lab of one node whose agent reads a small cluster from one of the two sources. Its agent may be
 * started and ended any number of times. Not thread-safe. Needs root.
 */
final class StartNode implements AutoCloseable {

  private static final int API_PORT = 6443;

  private final Lab lab;
  private final @Nullable ApiServerDouble api;

  private StartNode(Lab lab, @Nullable ApiServerDouble api) {
    this.lab = lab;
    this.api = api;
  }

  /**
   * Makes the node and its cluster; no agent runs yet.
   *
   * @param services with two endpoints each, 0 to 50,000
   */
  static StartNode create(Source source, Distribution distribution, int services)
      throws IOException, InterruptedException {
    return switch (source) {
      case MANIFESTS -> {
        Lab lab = Lab.create(LabOptions.of(1), distribution);
        yield filled(new StartNode(lab, null), services);
      }
      case API_SERVER -> {
        Path folder = Files.createTempDirectory("fairlead-start-");
        Path kubeconfig = folder.resolve("kubeconfig");
        Lab lab = Lab.create(LabOptions.of(1).withKubeconfig(kubeconfig), distribution, folder);
        yield filled(new StartNode(lab, serve(lab, kubeconfig)), services);
      }
    };
  }

  private static ApiServerDouble serve(Lab lab, Path kubeconfig)
      throws IOException, InterruptedException {
    try {
      InetSocketAddress address =
          new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), API_PORT);
      ApiServerDouble api = lab.node(1).namespace().call(() -> ApiServerDouble.start(address));
      api.writeKubeconfig(kubeconfig);
      return api;
    } catch (IOException | InterruptedException e) {
      lab.close();
      throw e;
    }
  }

  private static StartNode filled(StartNode made, int services) throws IOException {
    try {
      for (int i = 1; i <= services; i++) {
        made.putService(i);
      }
      return made;
    } catch (IOException e) {
      made.close();
      throw e;
    }
  }

  /** Service {@code number} with two endpoints on other nodes. */
  private void putService(int number) throws IOException {
    String name = "service-" + number;
    lab.manifests()
        .putService(
            name, List.of("10.96." + suffix(number)), new Manifests.Port("web", "TCP", 80, 8080));
    putSlice(number, List.of("10.245." + suffix(number), "10.246." + suffix(number)));
  }

  private static String suffix(int number) {
    return (1 + number / 250) + "." + (1 + number % 250);
  }

  private void putSlice(int number, List<String> addresses) throws IOException {
    StringBuilder endpoints = new StringBuilder();
    for (String address : addresses) {
      endpoints.append("  - {addresses: [\"").append(address).append("\"]}\n");
    }
    String name = "service-" + number;
    lab.manifests()
        .put(
            "slice-" + number,
            """
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata:
              name: %s-1
              namespace: default
              labels: {kubernetes.io/service-name: %s}
            addressType: IPv4
            endpoints:
            %sports:
              - {name: web, protocol: TCP, port: 8080}
            """
                .formatted(name, name, endpoints));
  }

  /** Takes this endpoint away from the first Service. */
  String changeEndpoints() throws IOException {
    putSlice(1, List.of("10.246." + suffix(1)));
    publish();
    return "10.245." + suffix(1);
  }

  /** Brings what the manifests say to the API server, if the agent reads from one. */
  void publish() throws IOException {
    ApiServerDouble server = api;
    if (server == null) {
      return;
    }
    try (Stream<Path> files = Files.list(lab.manifests().folder())) {
      for (Path file : files.sorted().toList()) {
        server.apply(Files.readString(file));
      }
    } catch (ApiFailure e) {
      throw new IOException("the API server refused a manifest: " + e.getMessage(), e);
    }
  }

  /** Attaches a pod, which the API server knows if the agent reads from one. */
  Pod addPod(String name) throws IOException, InterruptedException {
    ApiServerDouble server = api;
    return server == null
        ? node().addPod(name)
        : node().addPod(name, ApiPods.create(server, name, node().name()));
  }

  Node node() {
    return lab.node(1);
  }

  @Override
  public void close() {
    ApiServerDouble server = api;
    if (server != null) {
      server.close();
    }
    lab.close();
  }
}
