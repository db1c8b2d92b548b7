package io.fairlead.deploy.container;

import io.fairlead.bench.lab.LabNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;

/**
 * A host: a container that only waits, whose network namespace is the host's, and a folder that
 * holds what would be on the host's disk.
 */
final class Machine implements AutoCloseable {

  private final String name;
  private final String address;
  private final GenericContainer<?> container;
  private final LabNamespace namespace;
  private final Path folder;

  private Machine(
      String name,
      String address,
      GenericContainer<?> container,
      LabNamespace namespace,
      Path folder) {
    this.name = name;
    this.address = address;
    this.container = container;
    this.namespace = namespace;
    this.folder = folder;
  }

  /**
   * Starts one.
   *
   * @param address of the host on the network
   * @param folder an empty one
   */
  static Machine start(Engine engine, Network network, String name, String address, Path folder)
      throws IOException {
    for (String part : new String[] {"disk", "config", "account"}) {
      Files.createDirectories(folder.resolve(part));
    }
    GenericContainer<?> container =
        Pause.container()
            .withNetwork(network)
            .withCreateContainerCmdModifier(
                command -> command.withIpv4Address(address).withHostName(name));
    container.start();
    return new Machine(name, address, container, namespace(engine, name, container), folder);
  }

  /** The network namespace of a running container. */
  static LabNamespace namespace(Engine engine, String name, GenericContainer<?> container)
      throws IOException {
    String sandbox =
        Objects.requireNonNull(container.getContainerInfo().getNetworkSettings()).getSandboxKey();
    return LabNamespace.enter(name, engine.seen(sandbox));
  }

  String name() {
    return name;
  }

  String address() {
    return address;
  }

  LabNamespace namespace() {
    return namespace;
  }

  /** What containers give as their network to be on the host's. */
  String networkMode() {
    return "container:" + container.getContainerId();
  }

  /** Where the test finds an absolute path of the host. */
  Path host(Path path) {
    return folder.resolve("disk").resolve(Path.of("/").relativize(path));
  }

  /** Where the test finds an absolute path of the host. */
  Path host(String path) {
    return host(Path.of(path));
  }

  /** What the ConfigMap is mounted from. */
  Path configMap() {
    return folder.resolve("config");
  }

  /** What the service account is mounted from. */
  Path account() {
    return folder.resolve("account");
  }

  @Override
  public void close() {
    namespace.close();
    container.stop();
  }
}
