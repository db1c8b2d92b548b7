package io.fairlead.bench.chaos.cluster;

import io.fairlead.bench.api.ApiFailure;
import io.fairlead.bench.api.ApiResource;
import io.fairlead.bench.api.ApiServerDouble;
import io.fairlead.bench.lab.ApiDouble;
import io.fairlead.bench.lab.ClusterYaml;
import io.fairlead.bench.lab.Distribution;
import io.fairlead.bench.lab.Lab;
import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.bench.lab.LabOptions;
import io.fairlead.bench.lab.Node;
import io.fairlead.bench.lab.Pod;
import io.fairlead.bench.lab.TcpRelay;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Nodes with agents at an API server, and pods that stay for the whole run: on each of the first
 * two nodes a server that only clients may reach, a client, a stranger, and a sink that anybody may
 * reach. The Service "near" is the server of node-1, "far" that of node-2. Needs root.
 */
public final class ChaosCluster implements AutoCloseable {

  /** Where servers answer. */
  public static final int POD_PORT = 8080;

  private static final int SERVICE_PORT = 80;
  private static final String NEAR = "10.96.0.10";
  private static final String FAR = "10.96.0.11";

  private final ApiDouble api;
  private final Lab lab;
  private final Path configuration;
  private final String proxyMode;
  private final Map<String, TcpRelay> relays = new HashMap<>();
  private final Map<String, StateDisk> disks = new HashMap<>();
  private final Map<String, AgentClock> clocks = new HashMap<>();
  private final List<Pod> pods = new ArrayList<>();
  private final ChurnedPods churned = new ChurnedPods();
  private String withoutDisks = "";
  private String withoutClocks = "";

  private ChaosCluster(ApiDouble api, Lab lab, Path configuration, String proxyMode) {
    this.api = api;
    this.lab = lab;
    this.configuration = configuration;
    this.proxyMode = proxyMode;
  }

  /** Makes everything, with agents that are ready. */
  public static ChaosCluster create(int nodes, String proxyMode, Distribution distribution)
      throws IOException, InterruptedException {
    ApiDouble api = new ApiDouble();
    Path configuration = Files.createTempDirectory("fairlead-chaos-");
    Lab lab;
    try {
      LabOptions options =
          LabOptions.of(nodes)
              .withProxyMode(proxyMode)
              .withKubeconfig(ApiDouble.kubeconfig(configuration.resolve("kubeconfig")));
      lab = Lab.create(options, distribution, configuration);
    } catch (IOException | InterruptedException e) {
      api.close();
      throw e;
    }
    ChaosCluster cluster = new ChaosCluster(api, lab, configuration, proxyMode);
    try {
      cluster.start();
      return cluster;
    } catch (IOException | InterruptedException e) {
      cluster.close();
      throw e;
    }
  }

  private void start() throws IOException, InterruptedException {
    try {
      api.create(lab.manifests().folder());
    } catch (ApiFailure e) {
      throw new IOException("the API server refuses the lab's Nodes", e);
    }
    apply(ClusterYaml.namespace());
    apply(
        ClusterYaml.policy(
            "server",
            "server",
            "policyTypes: [Ingress], ingress: [{from: [{podSelector: {matchLabels: {app:"
                + " client}}}], ports: [{protocol: TCP, port: "
                + POD_PORT
                + "}]}]"));
    apply(ClusterYaml.policy("newcomer", "newcomer", "policyTypes: [Egress], egress: []"));
    Optional<Path> library = AgentClock.library();
    if (library.isEmpty()) {
      withoutClocks = "libfaketime is not installed; Debian has it in the package faketime";
    }
    for (Node node : lab.nodes()) {
      relays.put(node.name(), api.relay(node));
      if (library.isPresent()) {
        clocks.put(node.name(), AgentClock.install(node, library.get()));
      }
      try {
        disks.put(node.name(), StateDisk.mount(node));
      } catch (IOException e) {
        withoutDisks = String.valueOf(e.getMessage());
      }
    }
    lab.startAgents();
    for (int number = 1; number <= 2; number++) {
      for (String app : List.of("server", "client", "stranger", "sink")) {
        pods.add(addPod(lab.node(number), app + "-" + number, app, null));
      }
      pod("server-" + number).serve(POD_PORT);
    }
    publish("near", NEAR, pod("server-1"));
    publish("far", FAR, pod("server-2"));
  }

  private void publish(String name, String address, Pod server) throws IOException {
    apply(ClusterYaml.service(name, address, SERVICE_PORT, POD_PORT));
    apply(
        ClusterYaml.endpoint(
            name, server.address().getHostAddress(), server.node().name(), POD_PORT));
  }

  /** Creates or replaces objects in the API. */
  void apply(String yaml) throws IOException {
    try {
      api.server().apply(yaml);
    } catch (ApiFailure e) {
      throw new IOException("the API server refuses an object: " + e.getMessage(), e);
    }
  }

  /** Deletes an object of the API, if it is there. */
  void delete(ApiResource resource, String name) {
    try {
      api.server().delete(resource, "default", name);
    } catch (ApiFailure _) {
      // There is none.
    }
  }

  /**
   * Announces a Pod and attaches it; nothing of it is left if that fails.
   *
   * @param namespace of the pod, which goes with it; null for a new one
   */
  Pod addPod(Node node, String name, String app, @Nullable LabNamespace namespace)
      throws IOException, InterruptedException {
    LabNamespace own = namespace == null ? LabNamespace.create(name) : namespace;
    apply(ClusterYaml.pod(name, node.name(), app));
    String uid =
        api.server()
            .find(ApiResource.PODS, "default", name)
            .orElseThrow()
            .path("metadata")
            .path("uid")
            .asText();
    try {
      Pod pod = node.addPod(name, uid, own);
      apply(ClusterYaml.runningPod(name, node.name(), app, pod.address().getHostAddress()));
      return pod;
    } catch (IOException | InterruptedException e) {
      delete(ApiResource.PODS, name);
      throw e;
    }
  }

  /** Creates a Pod in the API that is never attached for good; {@link #withdraw} deletes it. */
  public void announce(Node node, String name) throws IOException {
    apply(ClusterYaml.pod(name, node.name(), "passer-by"));
  }

  /** Deletes a Pod from the API, if it is there. */
  public void withdraw(String name) {
    delete(ApiResource.PODS, name);
  }

  public Lab lab() {
    return lab;
  }

  public ApiServerDouble api() {
    return api.server();
  }

  /** What a node reaches the API server through. */
  public TcpRelay relay(Node node) {
    return present(relays, node);
  }

  /** The disk of a node's state; null if there are none, see {@link #withoutDisks}. */
  public @Nullable StateDisk disk(Node node) {
    return disks.get(node.name());
  }

  /** Why there are no disks, as a sentence. */
  public String withoutDisks() {
    return withoutDisks;
  }

  /** The clock of a node's agent; null if there are none, see {@link #withoutClocks}. */
  public @Nullable AgentClock clock(Node node) {
    return clocks.get(node.name());
  }

  /** Why there are no clocks, as a sentence. */
  public String withoutClocks() {
    return withoutClocks;
  }

  private static <T> T present(Map<String, T> map, Node node) {
    T value = map.get(node.name());
    if (value == null) {
      throw new IllegalArgumentException(node.name() + " is not in this cluster");
    }
    return value;
  }

  /** One of the pods that stay, by name. */
  public Pod pod(String name) {
    return pods.stream()
        .filter(pod -> pod.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no pod " + name));
  }

  /** Pods that come and go. */
  public ChurnedPods churned() {
    return churned;
  }

  /** How Services are served unless a fault changes it. */
  public String proxyMode() {
    return proxyMode;
  }

  /** The Service of server-1. */
  public InetSocketAddress near() {
    return new InetSocketAddress(InetAddress.ofLiteral(NEAR), SERVICE_PORT);
  }

  /** The Service of server-2. */
  public InetSocketAddress far() {
    return new InetSocketAddress(InetAddress.ofLiteral(FAR), SERVICE_PORT);
  }

  /** Deletes the Services and detaches all pods that stayed. */
  public void deletePods() throws IOException, InterruptedException {
    for (String service : List.of("near", "far")) {
      delete(ApiResource.SERVICES, service);
      delete(ApiResource.ENDPOINT_SLICES, service + "-ipv4");
    }
    while (!pods.isEmpty()) {
      Pod pod = pods.removeLast();
      delete(ApiResource.PODS, pod.name());
      pod.delete();
    }
  }

  /** Where what has to outlive the lab can be found until this is closed. */
  public Path folder() {
    return configuration;
  }

  @Override
  public void close() {
    lab.close();
    relays.values().forEach(TcpRelay::close);
    api.close();
  }
}
