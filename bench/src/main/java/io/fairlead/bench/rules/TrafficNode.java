package io.fairlead.bench.rules;

import io.fairlead.bench.api.ApiFailure;
import io.fairlead.bench.api.ApiPods;
import io.fairlead.bench.api.ApiServerDouble;
import io.fairlead.bench.lab.Distribution;
import io.fairlead.bench.lab.Lab;
import io.fairlead.bench.lab.LabOptions;
import io.fairlead.bench.lab.Node;
import io.fairlead.bench.lab.Pod;
import io.fairlead.bench.measure.ApiWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A lab of one node whose agent watches an API server that holds a population, and one Service
 * more: the one whose endpoints are changed. Not thread-safe. Needs root.
 */
public final class TrafficNode implements AutoCloseable {

  private static final InetSocketAddress API =
      new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 6443);

  private static final String SERVICES = "/api/v1/namespaces/default/services";
  private static final String SLICES =
      "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices";

  /** Beyond the populations' Services. */
  private static final int CHANGED_SERVICE = 60_500;

  private final Lab lab;
  private final ApiServerDouble api;
  private final ApiWriter writer;

  private TrafficNode(Lab lab, ApiServerDouble api, ApiWriter writer) {
    this.lab = lab;
    this.api = api;
    this.writer = writer;
  }

  /** Makes the node and its cluster; no agent runs yet. */
  public static TrafficNode create(Distribution distribution, String proxyMode, Population population)
      throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("fairlead-rules-");
    Path kubeconfig = folder.resolve("kubeconfig");
    LabOptions options = LabOptions.of(1).withKubeconfig(kubeconfig).withProxyMode(proxyMode);
    Lab lab = Lab.create(options, distribution, folder);
    try {
      ApiServerDouble api = lab.node(1).namespace().call(() -> ApiServerDouble.start(API));
      try {
        api.writeKubeconfig(kubeconfig);
        TrafficNode made =
            new TrafficNode(lab, api, ApiWriter.connect(lab.node(1).namespace(), API));
        made.publish(population);
        return made;
      } catch (IOException | InterruptedException e) {
        api.close();
        throw e;
      }
    } catch (IOException | InterruptedException e) {
      lab.close();
      throw e;
    }
  }

  private void publish(Population population) throws IOException {
    try {
      api.apply(Files.readString(lab.manifests().folder().resolve("node-node-1.yaml")));
    } catch (ApiFailure e) {
      throw new IOException("the API server refused a Node: " + e.getMessage(), e);
    }
    for (int service = 0; service < population.services(); service++) {
      publish(service, population.addresses(service));
    }
    publish(CHANGED_SERVICE, List.of());
    writer.create(SLICES, ObjectText.slice(CHANGED_SERVICE, 0, List.of()));
    // Its history holds all objects once more.
    api.compact();
  }

  private void publish(int service, List<String> addresses) throws IOException {
    writer.create(SERVICES, ObjectText.service(service));
    for (String slice : ObjectText.slices(service, addresses)) {
      writer.create(SLICES, slice);
    }
  }

  /** Writes objects to the API server. */
  @FunctionalInterface
  public interface MoreObjects {
    void write(ApiWriter writer) throws IOException;
  }

  /** Publishes more than Services. */
  public void publish(MoreObjects more) throws IOException {
    more.write(writer);
    api.compact();
  }

  /** Attaches a pod that the API server knows. */
  Pod addPod(String name) throws IOException, InterruptedException {
    return node().addPod(name, ApiPods.create(api, name, node().name()));
  }

  public Node node() {
    return lab.node(1);
  }

  /** Where the Service that changes is reached. */
  InetSocketAddress changedService() {
    return new InetSocketAddress(
        InetAddress.ofLiteral(Population.clusterIp(CHANGED_SERVICE)), Population.SERVICE_PORT);
  }

  /** Gives the Service that changes one endpoint, by a client's write over HTTP. */
  public ApiWriter.Written moveTo(InetAddress endpoint) throws IOException {
    List<String> addresses = List.of(endpoint.getHostAddress());
    return writer.replace(
        SLICES,
        ObjectText.sliceName(CHANGED_SERVICE, 0),
        ObjectText.slice(CHANGED_SERVICE, 0, addresses));
  }

  /** When the API server had made the last write its own, by System.nanoTime. */
  long accepted() {
    return api.history().getLast().nanoTime();
  }

  @Override
  public void close() {
    writer.close();
    api.close();
    lab.close();
  }
}
