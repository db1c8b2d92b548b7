package io.fairlead.bench.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A node of the lab: a namespace with an address on the underlay, an agent and pods. */
public final class Node implements AutoCloseable {

  private final String name;
  private final LabNamespace namespace;
  private final List<String> addresses;
  private final List<String> podCidrs;
  private final LabFolder files;
  private final Path folder;
  private final Distribution distribution;
  private final AgentProcess agent;
  private final ContainerRuntime runtime;
  private final List<Pod> pods = new ArrayList<>();
  private final PodTraces traces;
  private final Map<String, String> configuration = new LinkedHashMap<>();

  Node(
      int index,
      LabNamespace namespace,
      AddressPlan plan,
      LabOptions options,
      LabFolder files,
      Path manifests,
      Distribution distribution)
      throws IOException {
    this.name = namespace.name();
    this.namespace = namespace;
    this.addresses = plan.nodeAddresses(index);
    this.podCidrs = plan.podCidrs(index);
    this.files = files;
    this.folder = files.folder(name);
    this.distribution = distribution;
    this.traces = new PodTraces(namespace, stateFolder());
    this.runtime = new ContainerRuntime(this, distribution);
    Files.createDirectories(stateFolder());
    configuration.put("cluster-cidr", "[" + String.join(", ", plan.clusterCidrs()) + "]");
    configuration.put("service-cidr", "[" + String.join(", ", plan.serviceCidrs()) + "]");
    configuration.put("overlay", options.overlay());
    configuration.put("proxy-mode", options.proxyMode());
    writeConfiguration();
    this.agent =
        new AgentProcess(
            namespace, command(options.kubeconfig(), manifests), folder.resolve("agent.log"));
  }

  private List<String> command(@Nullable Path kubeconfig, Path manifests) {
    List<String> command = new ArrayList<>(List.of(distribution.launcher().toString(), "agent"));
    if (kubeconfig != null) {
      command.addAll(List.of("--kubeconfig", kubeconfig.toString()));
    } else {
      command.addAll(List.of("--manifests", manifests.toString()));
    }
    command.addAll(List.of("--config", configurationFile().toString()));
    command.addAll(List.of("--node-name", name));
    command.addAll(List.of("--state-dir", stateFolder().toString()));
    command.addAll(List.of("--cni-socket", cniSocket().toString()));
    command.addAll(List.of("--admin-socket", adminSocket().toString()));
    command.addAll(List.of("--metrics-address", AgentProcess.metricsAddress()));
    return command;
  }

  public String name() {
    return name;
  }

  public LabNamespace namespace() {
    return namespace;
  }

  /** The IPv4 address on the underlay. */
  public String address() {
    return addresses.getFirst();
  }

  /** One address per family. */
  public List<String> addresses() {
    return addresses;
  }

  /** One prefix per family. */
  public List<String> podCidrs() {
    return podCidrs;
  }

  /** What holds {@link #stateFolder}: another disk can be put in its place before the start. */
  public Path diskFolder() {
    return folder.resolve("disk");
  }

  public Path stateFolder() {
    return diskFolder().resolve("state");
  }

  public Path cniSocket() {
    return folder.resolve("cni.sock");
  }

  public Path adminSocket() {
    return folder.resolve("admin.sock");
  }

  /** Where the CNI binary leaves deletions while the agent is absent. */
  public Path deleteQueue() {
    return stateFolder().resolve("cni-deletes");
  }

  public Path log() {
    return folder.resolve("agent.log");
  }

  private Path configurationFile() {
    return folder.resolve("config").resolve("fairlead.yaml");
  }

  public AgentProcess agent() {
    return agent;
  }

  /** What the runtime executes. */
  public Path cniBinary() {
    return distribution.cniPlugin();
  }

  public ContainerRuntime runtime() {
    return runtime;
  }

  /** Sets a key of the agent's configuration file, which is replaced at once and whole. */
  public void configure(String key, String value) throws IOException {
    configuration.put(key, value);
    writeConfiguration();
  }

  private void writeConfiguration() throws IOException {
    StringBuilder text = new StringBuilder();
    configuration.forEach((key, value) -> text.append(key).append(": ").append(value).append('\n'));
    Files.createDirectories(folder.resolve("config"));
    files.replace(configurationFile(), text.toString());
  }

  /** Whether the agent's process exists, paused ones included. */
  public boolean isAgentRunning() {
    return agent.isRunning();
  }

  /** Whether the agent says that it is ready; an absent one is not. */
  public boolean isReady() throws IOException, InterruptedException {
    return agent.isRunning() && agent.health("/healthz") == 200;
  }

  public void startAgent() throws IOException, InterruptedException {
    agent.start();
  }

  /** Waits until the agent is ready and returns the time since its start. */
  public Duration waitReady() throws IOException, InterruptedException {
    return waitReady(Await.PATIENCE);
  }

  /** As {@link #waitReady()}, for an agent that may take longer. */
  public Duration waitReady(Duration limit) throws IOException, InterruptedException {
    return agent.waitReady(limit);
  }

  /** kill -9: the agent gets no chance to do anything more. */
  public void killAgent() throws IOException, InterruptedException {
    agent.kill();
  }

  /** SIGTERM, as a DaemonSet's update sends it. */
  public void stopAgent() throws IOException, InterruptedException {
    agent.stop();
  }

  /** Stops and starts the agent, waits until it is ready and returns how long the start took. */
  public Duration restartAgent() throws IOException, InterruptedException {
    agent.stop();
    agent.start();
    return agent.waitReady(Await.PATIENCE);
  }

  /** Runs the command line on this node, for example {@code commandLine("status")}. */
  public ProgramOutput commandLine(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(distribution.launcher().toString()));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--admin-socket", adminSocket().toString()));
    return namespace.tryRun(command.toArray(String[]::new));
  }

  /**
   * Makes a pod's namespace and attaches it through the CNI binary.
   *
   * @throws IOException with the CNI error if that fails; nothing is left in the lab then
   */
  public Pod addPod(String podName) throws IOException, InterruptedException {
    return addPod(podName, UUID.randomUUID().toString());
  }

  /** As {@link #addPod(String)}, of a Pod with this uid in the API. */
  public Pod addPod(String podName, String podUid) throws IOException, InterruptedException {
    return addPod(podName, podUid, LabNamespace.create(podName));
  }

  /** As {@link #addPod(String)}, with a namespace that exists already: it goes with the pod. */
  public Pod addPod(String podName, String podUid, LabNamespace podNamespace)
      throws IOException, InterruptedException {
    Pod pod = Pod.attach(this, podName, podUid, podNamespace);
    traces.expect(pod);
    synchronized (pods) {
      pods.add(pod);
    }
    return pod;
  }

  void forget(Pod pod) {
    synchronized (pods) {
      pods.remove(pod);
    }
  }

  /** What is left on this node of the pods that it ever had, those that still run included. */
  public Residue residue() throws IOException, InterruptedException {
    return traces.find();
  }

  /** Ends the pods and the agent at once, without CNI and without a farewell. */
  @Override
  public void close() {
    synchronized (pods) {
      pods.forEach(Pod::abandon);
      pods.clear();
    }
    namespace.close();
  }
}
