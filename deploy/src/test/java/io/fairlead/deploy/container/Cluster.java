package io.fairlead.deploy.container;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.dockerjava.api.model.Network.Ipam;
import com.github.dockerjava.api.model.Network.Ipam.Config;
import io.fairlead.bench.api.ApiFailure;
import io.fairlead.bench.api.ApiResource;
import io.fairlead.bench.api.ApiServerDouble;
import io.fairlead.deploy.Chart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.testcontainers.containers.Network;

/**
 * Machines on a Docker network, an API server for them, and on each the pod of the DaemonSet that
 * the chart makes of some values.
 */
final class Cluster implements AutoCloseable {

  private static final String SUBNET = "192.168.88.";
  private static final String GATEWAY = SUBNET + "1";

  private final Engine engine;
  private final Path folder;
  private final Network network;
  private final ApiAccess api;
  private final List<Machine> machines = new ArrayList<>();
  private final List<AgentContainer> agents = new ArrayList<>();
  private final List<ContainerPod> pods = new ArrayList<>();
  private JsonNode pod;

  private Cluster(Engine engine, Path folder, Network network, ApiAccess api, JsonNode pod) {
    this.engine = engine;
    this.folder = folder;
    this.network = network;
    this.api = api;
    this.pod = pod;
  }

  /** The values of the chart that all clusters here have, beside the agent's {@code keys}. */
  private static String values(String keys) {
    return """
    apiServer: {host: %s, port: 6443}
    config:
      cluster-cidr: [10.244.0.0/16]
      service-cidr: [10.96.0.0/12]
    %s\
    """
        .formatted(GATEWAY, keys.indent(2));
  }

  /**
   * Starts machines and the API server, but no agent.
   *
   * @param keys of the agent's configuration, as YAML
   */
  static Cluster create(Engine engine, int machines, String keys)
      throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("fairlead-machines-");
    Network network =
        Network.builder()
            .createNetworkCmdModifier(command ->
                command.withIpam(
                    new Ipam()
                        .withConfig(new Config().withSubnet(SUBNET + "0/24").withGateway(GATEWAY))))
            .build();
    // Docker makes it when it is asked for.
    network.getId();
    ApiAccess api = ApiAccess.start(engine.namespace(), GATEWAY);
    List<ObjectNode> objects = Chart.objects(values(keys));
    Cluster cluster = new Cluster(engine, folder, network, api, Chart.pod(objects));
    try {
      cluster.api().apply("{apiVersion: v1, kind: Namespace, metadata: {name: default}}");
      for (int number = 1; number <= machines; number++) {
        cluster.addMachine(number);
      }
      cluster.writeConfiguration(objects);
      return cluster;
    } catch (IOException | RuntimeException | ApiFailure e) {
      cluster.close();
      throw new IOException("the cluster cannot be made: " + e.getMessage(), e);
    }
  }

  private void addMachine(int number) throws IOException, ApiFailure {
    String name = "node-" + number;
    String address = SUBNET + (10 + number);
    Machine machine = Machine.start(engine, network, name, address, folder.resolve(name));
    machines.add(machine);
    api.writeAccount(machine.account());
    api()
        .apply(
            """
            apiVersion: v1
            kind: Node
            metadata: {name: %s}
            spec: {podCIDR: 10.244.%d.0/24, podCIDRs: [10.244.%d.0/24]}
            status: {addresses: [{type: InternalIP, address: %s}]}
            """
                .formatted(name, number, number, address));
  }

  private void writeConfiguration(List<ObjectNode> objects) throws IOException {
    for (Machine machine : machines) {
      // As a kubelet: what is there is replaced by a rename.
      Path file = machine.configMap().resolve("config.yaml");
      Path next = Files.writeString(file.resolveSibling("..next"), Chart.configuration(objects));
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /** Renders the chart anew: the ConfigMap changes at once, the pods when they are made anew. */
  void configure(String keys) throws IOException {
    List<ObjectNode> objects = Chart.objects(values(keys));
    pod = Chart.pod(objects);
    writeConfiguration(objects);
  }

  /** Starts an agent on each machine and waits until all are ready. */
  void startAgents() throws IOException, InterruptedException {
    for (Machine machine : machines) {
      agents.add(AgentContainer.startPod(machine, pod, Images.FAIRLEAD));
    }
    for (AgentContainer agent : agents) {
      agent.awaitReady();
    }
  }

  /** Replaces the pod of a machine by one of another image, as a DaemonSet's update does. */
  void update(int machine, String image) throws IOException, InterruptedException {
    agents.get(machine - 1).close();
    AgentContainer next = AgentContainer.startPod(machines.get(machine - 1), pod, image);
    agents.set(machine - 1, next);
    next.awaitReady();
  }

  /** The API server's objects. */
  ApiServerDouble api() {
    return api.server();
  }

  /** Counted from 1. */
  Machine machine(int number) {
    return machines.get(number - 1);
  }

  List<Machine> machines() {
    return machines;
  }

  /** Of a machine, counted from 1. */
  AgentContainer agent(int number) {
    return agents.get(number - 1);
  }

  /** The pod of the DaemonSet. */
  JsonNode pod() {
    return pod;
  }

  /** Starts a pod of one container on a machine, and tells the API server of it. */
  ContainerPod addPod(int machine, String name, String label)
      throws IOException, InterruptedException, ApiFailure {
    // A kubelet starts what is there already, and adds the address afterwards.
    api().apply(Manifests.pod(name, label, machine, "{phase: Pending}"));
    ContainerPod made = ContainerPod.start(engine, machine(machine), name);
    pods.add(made);
    String address = made.address().getHostAddress();
    String status = "{phase: Running, podIP: %1$s, podIPs: [{ip: %1$s}]}".formatted(address);
    api().apply(Manifests.pod(name, label, machine, status));
    return made;
  }

  /** Detaches and ends a pod. */
  void removePod(ContainerPod gone) throws IOException, ApiFailure {
    pods.remove(gone);
    gone.close();
    api().delete(ApiResource.PODS, "default", gone.name());
  }

  @Override
  public void close() throws IOException {
    pods.forEach(ContainerPod::abandon);
    agents.forEach(AgentContainer::close);
    machines.forEach(Machine::close);
    api.close();
    network.close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
