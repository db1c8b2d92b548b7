package io.fairlead.deploy.container;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import io.fairlead.bench.lab.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.startupcheck.StartupCheckStrategy;
import org.testcontainers.utility.DockerImageName;

/**
 * The agent of a machine, confined as the DaemonSet confines it: on the host's network, as uid 0
 * without any capability but those that are given, with a root that is read-only.
 */
final class AgentContainer implements AutoCloseable {

  /** All that the DaemonSet gives. */
  static final Set<Capability> GIVEN = Set.of(Capability.NET_ADMIN);

  private static final String SECCOMP_PROFILE = "deploy/seccomp/fairlead.json";

  private final GenericContainer<?> container;

  private AgentContainer(GenericContainer<?> container) {
    this.container = container;
  }

  /** Starts one; it may end by itself soon. */
  static AgentContainer start(
      Machine machine, String image, Set<Capability> capabilities, ApiAccess api)
      throws IOException {
    String seccomp = Files.readString(root().resolve(SECCOMP_PROFILE));
    GenericContainer<?> container =
        new GenericContainer<>(DockerImageName.parse(image))
            .withNetworkMode(machine.networkMode())
            .withCommand("agent", "--config", "/etc/fairlead/config.yaml")
            .withEnv("NODE_NAME", machine.name())
            .withEnv("KUBERNETES_SERVICE_HOST", api.host())
            .withEnv("KUBERNETES_SERVICE_PORT", Integer.toString(api.port()))
            .withStartupCheckStrategy(new Created())
            .withCreateContainerCmdModifier(command -> {
              command.withUser("0:0").withStopTimeout(30);
              host(command)
                  .withReadonlyRootfs(true)
                  .withCapDrop(Capability.ALL)
                  .withCapAdd(capabilities.toArray(Capability[]::new))
                  .withSecurityOpts(List.of("no-new-privileges", "seccomp=" + seccomp))
                  .withBinds(mounts(machine));
            });
    container.start();
    return new AgentContainer(container);
  }

  /** Where what is deployed is. */
  static Path root() {
    return Path.of(System.getProperty("fairlead.root", ".."));
  }

  static HostConfig host(CreateContainerCmd command) {
    return Objects.requireNonNull(command.getHostConfig());
  }

  private static List<Bind> mounts(Machine machine) {
    List<Bind> mounts = new ArrayList<>();
    mounts.add(machine.mount("run", "/run/fairlead", "rw"));
    mounts.add(machine.mount("state", "/var/lib/fairlead", "rw"));
    mounts.add(machine.mount("cni-conf", "/etc/cni/net.d", "rw"));
    mounts.add(machine.mount("config", "/etc/fairlead", "ro"));
    mounts.add(machine.mount("account", "/var/run/secrets/kubernetes.io/serviceaccount", "ro"));
    mounts.add(Bind.parse("/proc/sys/net:/host/proc/sys/net:rw"));
    return mounts;
  }

  /** That a container has come to life, even if not for long. */
  private static final class Created extends StartupCheckStrategy {
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
          () -> isRunning() && run("status").getExitCode() == 0);
    } catch (IOException e) {
      throw new IOException(e.getMessage() + "; its log:\n" + log(), e);
    }
  }

  /** Waits until it has ended by itself, and returns its exit status. */
  long awaitEnd() throws IOException, InterruptedException {
    Await.until("the agent ends", Await.PATIENCE, () -> !isRunning());
    return Objects.requireNonNull(
        container.getCurrentContainerInfo().getState().getExitCodeLong());
  }

  private boolean isRunning() {
    return Boolean.TRUE.equals(container.getCurrentContainerInfo().getState().getRunning());
  }

  /** Runs the command line in the container, as kubectl exec does. */
  ExecResult run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("fairlead"));
    command.addAll(List.of(arguments));
    return container.execInContainer(command.toArray(String[]::new));
  }

  String log() {
    return container.getLogs();
  }

  String id() {
    return container.getContainerId();
  }

  /** SIGTERM, and SIGKILL after 30 seconds, as a kubelet ends a pod. */
  @Override
  public void close() {
    container.getDockerClient().stopContainerCmd(container.getContainerId()).withTimeout(30).exec();
    container.stop();
  }
}
