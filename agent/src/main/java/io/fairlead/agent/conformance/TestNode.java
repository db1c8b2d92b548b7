package io.fairlead.agent.conformance;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A namespace that stands for a node, with a router to the world, an agent if the plugin needs one,
 * and a folder for their files. All of it goes with this object.
 */
final class TestNode implements AutoCloseable {

  private static final Duration READY = Duration.ofSeconds(60);

  private final Path folder;
  private final Sandbox node;
  private final Sandbox outside;
  private final NetworkList network;
  private final ContainerRuntime runtime;
  private final @Nullable NodeAgent agent;

  private TestNode(Path folder, Sandbox node, Sandbox outside, Subject subject) throws IOException {
    this.folder = folder;
    this.node = node;
    this.outside = outside;
    this.network = subject.network(folder);
    this.runtime = new ContainerRuntime(node, subject, subject.variables(folder));
    Underlay.connect(node, outside);
    this.agent = subject.hasAgent() ? NodeAgent.start(node, subject.agentCommand(), folder) : null;
  }

  static TestNode create(Subject subject) throws IOException {
    Path folder = Files.createTempDirectory("cni-conformance");
    Sandbox node = null;
    Sandbox outside = null;
    try {
      node = Sandbox.create("node");
      outside = Sandbox.create("outside");
      return new TestNode(folder, node, outside, subject);
    } catch (IOException | RuntimeException e) {
      if (node != null) {
        node.close();
      }
      if (outside != null) {
        outside.close();
      }
      delete(folder);
      throw e;
    }
  }

  Path folder() {
    return folder;
  }

  Sandbox node() {
    return node;
  }

  Sandbox outside() {
    return outside;
  }

  NetworkList network() {
    return network;
  }

  ContainerRuntime runtime() {
    return runtime;
  }

  @Nullable NodeAgent agent() {
    return agent;
  }

  NodeState state() throws IOException {
    return NodeState.read(node, folder.resolve("state"));
  }

  /**
   * Waits until STATUS says that pods can be attached, where there is an agent that may not be
   * ready yet.
   *
   * @throws IOException with the agent's last words if that takes a minute
   */
  void waitReady(Versions versions) throws IOException, InterruptedException {
    NodeAgent current = agent;
    if (current == null || !versions.has(Versions.LATEST)) {
      return;
    }
    NetworkList latest = network.withVersion(Versions.LATEST);
    boolean ready =
        Waiting.until(
            READY,
            () -> {
              try {
                return !current.isRunning() || runtime.about("STATUS", latest).run().isSuccess();
              } catch (Unmet e) {
                return false;
              }
            });
    if (!ready || !current.isRunning()) {
      throw new IOException(
          "the agent "
              + (current.isRunning() ? "is not ready after a minute: " : "ended: ")
              + current.lastWords());
    }
  }

  @Override
  public void close() throws IOException {
    if (agent != null) {
      agent.close();
    }
    node.close();
    outside.close();
    delete(folder);
  }

  private static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException problem)
              throws IOException {
            Files.deleteIfExists(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
