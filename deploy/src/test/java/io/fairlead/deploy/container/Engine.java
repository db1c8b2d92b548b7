package io.fairlead.deploy.container;

import io.fairlead.bench.lab.Await;
import io.fairlead.bench.lab.LabNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A Docker engine of the tests' own, in network, process and mount namespaces of its own: what it
 * makes is nowhere on the machine, and is gone with this object, or with the JVM at the latest. It
 * pulls nothing.
 */
final class Engine implements AutoCloseable {

  /** What Testcontainers is told; it asks once in the life of a JVM. */
  private static volatile Path socket = Path.of("/nonexistent");

  private final LabNamespace namespace;
  private final Process process;
  private final Path folder;

  private Engine(LabNamespace namespace, Process process, Path folder) {
    this.namespace = namespace;
    this.process = process;
    this.folder = folder;
  }

  /**
   * Starts it and waits until it answers.
   *
   * @throws IOException with the end of its log
   */
  static Engine start() throws IOException, InterruptedException {
    // Sockets are below it, whose paths may not be long.
    Path folder = Files.createTempDirectory("fairlead-docker-");
    Path log = folder.resolve("log");
    LabNamespace namespace = LabNamespace.create("docker");
    Process process =
        namespace.start(
            new ProcessBuilder(command(folder))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile()));
    Engine engine = new Engine(namespace, process, folder);
    try {
      socket = folder.resolve("docker.sock");
      Await.until(
          "the Docker engine answers",
          Await.PATIENCE,
          () -> {
            if (!process.isAlive()) {
              throw new IOException("the Docker engine ended: " + end(log));
            }
            return Files.readString(log).contains("API listen on");
          });
      return engine;
    } catch (IOException | InterruptedException e) {
      engine.close();
      throw e;
    }
  }

  private static List<String> command(Path folder) {
    return List.of(
        "unshare",
        "--mount",
        "--pid",
        "--fork",
        "--kill-child",
        "--mount-proc",
        "dockerd",
        "--host=unix://" + folder.resolve("docker.sock"),
        "--data-root=" + folder.resolve("data"),
        "--exec-root=" + folder.resolve("run"),
        "--pidfile=" + folder.resolve("pid"),
        "--bridge=none");
  }

  private static String end(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
  }

  /** Where the engine started last listens. */
  static Path socket() {
    return socket;
  }

  /** Where the bridges of its networks are; it can talk to all containers. */
  LabNamespace namespace() {
    return namespace;
  }

  /** A file as the engine sees it, that is in its mount namespace. */
  Path seen(String path) {
    long pid = process.children().findFirst().orElseThrow().pid();
    return Path.of("/proc/" + pid + "/root" + path);
  }

  @Override
  public void close() throws IOException {
    // dockerd is the first process of its namespace: with it the kernel ends all others.
    process.children().forEach(ProcessHandle::destroy);
    process.onExit().orTimeout(10, TimeUnit.SECONDS).exceptionally(late -> process).join();
    process.destroyForcibly().onExit().join();
    namespace.close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
