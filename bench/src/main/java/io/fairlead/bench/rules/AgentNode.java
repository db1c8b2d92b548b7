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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A lab of one node whose agent watches an API server that holds a population, with all endpoints
 * behind the node. A change is made by a client's writes to the API server over HTTP, and is
 * acknowledged by the answer; a Service comes by two writes and goes by two, as in a cluster. The
 * client is a pod that the agent has attached. Not thread-safe.
 */
public final class AgentNode implements Target {

  private static final InetSocketAddress API =
      new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 6443);

  /** With millions of endpoints, or on one slow processor. */
  private static final Duration START_LIMIT = Duration.ofMinutes(5);

  private static final String SERVICES = "/api/v1/namespaces/default/services";
  private static final String SLICES =
      "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices";

  private final Backend backend;
  private final Lab lab;
  private final Resources resources = new Resources();
  private final ApiServerDouble api;
  private final ApiWriter writer;
  private @Nullable ServiceClient client;

  private AgentNode(Backend backend, Lab lab) throws IOException, InterruptedException {
    this.backend = backend;
    this.lab = resources.add(lab);
    this.api = resources.add(node().namespace().call(() -> ApiServerDouble.start(API)));
    this.writer = resources.add(ApiWriter.connect(node().namespace(), API));
  }

  /** Makes the node and its cluster; no agent runs yet. */
  public static AgentNode create(Distribution distribution, Backend backend, Population population)
      throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("fairlead-rules-");
    Path kubeconfig = folder.resolve("kubeconfig");
    Map<String, String> configuration = backend.configuration();
    LabOptions options =
        LabOptions.of(1)
            .withKubeconfig(kubeconfig)
            .withProxyMode(configuration.getOrDefault("proxy-mode", ""));
    Lab lab = Lab.create(options, distribution, folder);
    AgentNode made;
    try {
      for (var entry : configuration.entrySet()) {
        lab.node(1).configure(entry.getKey(), entry.getValue());
      }
      lab.node(1).configure("cluster-cidr", Population.POD_NETWORK.toString());
      if (backend == Backend.IPTABLES_LEGACY) {
        lab.node(1).agent().keepCapability("net_raw");
      }
      made = new AgentNode(backend, lab);
    } catch (IOException | InterruptedException | RuntimeException e) {
      lab.close();
      throw e;
    }
    try {
      made.fill(kubeconfig, population);
      return made;
    } catch (IOException | InterruptedException | RuntimeException e) {
      made.close();
      throw e;
    }
  }

  private void fill(Path kubeconfig, Population population)
      throws IOException, InterruptedException {
    resources.add(Endpoints.behind(node().namespace()));
    api.writeKubeconfig(kubeconfig);
    try {
      api.apply(Files.readString(lab.manifests().folder().resolve("node-node-1.yaml")));
    } catch (ApiFailure e) {
      throw new IOException("the API server refused a Node: " + e.getMessage(), e);
    }
    ClusterObjects.load(api, population);
  }

  /** Starts the agent and returns the time until it says that it is ready. */
  public Duration start() throws IOException, InterruptedException {
    node().startAgent();
    return node().waitReady(START_LIMIT);
  }

  /** Ends the agent by SIGKILL. */
  public void kill() throws IOException, InterruptedException {
    node().killAgent();
  }

  public Node node() {
    return lab.node(1);
  }

  @Override
  public String contender() {
    return backend.contender();
  }

  /** Attaches a pod at its first call; an agent has to run then. */
  @Override
  public ServiceClient client() throws IOException, InterruptedException {
    ServiceClient made = client;
    if (made == null) {
      Pod pod = node().addPod("client", ApiPods.create(api, "client", node().name()));
      made = resources.add(ServiceClient.start(pod.namespace()));
      client = made;
    }
    return made;
  }

  /** Writes objects to the API server. */
  @FunctionalInterface
  public interface MoreObjects {
    void write(ApiWriter writer) throws IOException;
  }

  /** Publishes more than the population. */
  public void publish(MoreObjects more) throws IOException {
    more.write(writer);
    api.compact();
  }

  /** Gives a Service of the population these endpoints in place of its own. */
  public void endpoints(int service, List<String> addresses) throws IOException {
    writer.replace(
        SLICES, ObjectText.sliceName(service, 0), ObjectText.slice(service, 0, addresses));
  }

  @Override
  public Applied apply(Change change) throws IOException {
    String service = Population.name(change.service());
    String slice = ObjectText.sliceName(change.service(), 0);
    String sliceText = change.slice();
    return switch (change.kind()) {
      case REPLACED, SCALED, ROLLED -> applied(writer.replace(SLICES, slice, sliceText));
      case ADDED -> {
        ApiWriter.Written first = writer.create(SERVICES, ObjectText.service(change.service()));
        yield Applied.of(first.sent(), writer.create(SLICES, sliceText).answered());
      }
      case DELETED -> {
        ApiWriter.Written first = writer.delete(SERVICES, service);
        yield Applied.of(first.sent(), writer.delete(SLICES, slice).answered());
      }
    };
  }

  private static Applied applied(ApiWriter.Written written) {
    return Applied.of(written.sent(), written.answered());
  }

  @Override
  public void close() {
    resources.close();
  }
}
