package io.fairlead.deploy.container;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import io.fairlead.bench.lab.Await;
import io.fairlead.deploy.Chart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.startupcheck.StartupCheckStrategy;
import org.testcontainers.utility.DockerImageName;

/** A container of the DaemonSet's pod on a machine, run as the DaemonSet says. */
final class AgentContainer implements AutoCloseable {

  private final GenericContainer<?> container;

  private AgentContainer(GenericContainer<?> container) {
    this.container = container;
  }

  /** Runs the pod's init containers, one after the other, and starts the agent. */
  static AgentContainer startPod(Machine machine, JsonNode pod, String image)
      throws IOException, InterruptedException {
    JsonNode agent = pod.at("/containers/0");
    return startPod(machine, pod, image, new Confinement(machine, pod, agent).capabilities());
  }

  /** The same with other capabilities; the agent may end by itself soon. */
  static AgentContainer startPod(
      Machine machine, JsonNode pod, String image, Set<Capability> capabilities)
      throws IOException, InterruptedException {
    for (JsonNode init : pod.path("initContainers")) {
      Set<Capability> own = new Confinement(machine, pod, init).capabilities();
      try (AgentContainer container = start(machine, pod, init, image, own)) {
        long exit = container.awaitEnd();
        if (exit != 0) {
          throw new IOException(init.path("name") + " ended with " + exit + ": " + container.log());
        }
      }
    }
    return start(machine, pod, pod.at("/containers/0"), image, capabilities);
  }

  private static AgentContainer start(
      Machine machine,
      JsonNode pod,
      JsonNode specification,
      String image,
      Set<Capability> capabilities) {
    Confinement confinement = new Confinement(machine, pod, specification);
    List<String> command = new ArrayList<>(Chart.words(specification.path("command")));
    command.addAll(Chart.words(specification.path("args")));
    GenericContainer<?> container =
        new GenericContainer<>(DockerImageName.parse(image))
            .withNetworkMode(machine.networkMode())
            .withStartupCheckStrategy(new Begun())
            .withCreateContainerCmdModifier(create -> {
              create
                  .withEntrypoint(command.getFirst())
                  .withCmd(command.subList(1, command.size()))
                  .withUser(confinement.user());
              try {
                confinement.apply(host(create), capabilities);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    for (JsonNode variable : specification.path("env")) {
      boolean isNodeName =
          variable.at("/valueFrom/fieldRef/fieldPath").asText().equals("spec.nodeName");
      container.withEnv(
          variable.path("name").asText(),
          isNodeName ? machine.name() : variable.path("value").asText());
    }
    container.start();
    return new AgentContainer(container);
  }

  static HostConfig host(CreateContainerCmd command) {
    return Objects.requireNonNull(command.getHostConfig());
  }

  /** That a container has come to life, even if not for long. */
  private static final class Begun extends StartupCheckStrategy {
    @Override
    public StartupStatus checkStartupState(DockerClient docker, String containerId) {
      InspectContainerResponse.ContainerState state = getCurrentState(docker, containerId);
      return "created".equals(state.getStatus())
          ? StartupStatus.NOT_YET_KNOWN
          : StartupStatus.SUCCESSFUL;
    }
  }

  /** Waits until the agent says that all is well. */
  void awaitReady() throws IOException, InterruptedException {
    try {
      Await.until(
          "the agent is ready",
          Await.PATIENCE,
          () -> {
            if (!isRunning()) {
              throw new IOException("the agent has ended");
            }
            return run("status").getExitCode() == 0;
          });
    } catch (IOException e) {
      throw new IOException(e.getMessage() + "; its log:\n" + log(), e);
    }
  }

  /** Waits until it has ended by itself, and returns its exit status. */
  long awaitEnd() throws IOException, InterruptedException {
    Await.until("the container ends", Await.PATIENCE, () -> !isRunning());
    return Objects.requireNonNull(container.getCurrentContainerInfo().getState().getExitCodeLong());
  }

  private boolean isRunning() {
    return Boolean.TRUE.equals(container.getCurrentContainerInfo().getState().getRunning());
  }

  /** Runs the command line in the container, as kubectl exec does. */
  ExecResult run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("/usr/bin/fairlead"));
    command.addAll(List.of(arguments));
    return container.execInContainer(command.toArray(String[]::new));
  }

  String log() {
    return container.getLogs();
  }

  /** The image that it was made of. */
  String image() {
    return Objects.requireNonNull(container.getCurrentContainerInfo().getConfig().getImage());
  }

  /** SIGTERM, and SIGKILL after 40 seconds, as a kubelet ends the pod; then it is removed. */
  @Override
  public void close() {
    if (isRunning()) {
      container
          .getDockerClient()
          .stopContainerCmd(container.getContainerId())
          .withTimeout(40)
          .exec();
    }
    container.stop();
  }
}
